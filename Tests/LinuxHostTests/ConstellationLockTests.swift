import Glibc
import Host
import Netlink
import Synchronization
import SystemPackage
import Testing

@testable import LinuxHost

private func lock(_ timeout: Duration = .zero) throws -> ConstellationLock {
  ConstellationLock(in: try NetworkNamespace.current.identity(), timeout: timeout)
}

/// Takes the test's locks away again.
private func remove(_ names: String...) throws {
  let folder = try LockFolder.path()
  for file in try folder.folderEntries() where names.contains(where: { file.string.hasSuffix("-\($0).lock") }) {
    try folder.appending(file).unlink()
  }
}

/// Of this process and this test alone: locks are the whole machine's.
private func uniqueName() -> String { "t\(getpid())-\(UInt32.random(in: 0 ... .max))" }

private final class Diary: Sendable {
  private let entries = Mutex<[String]>([])

  var lines: [String] { entries.withLock { $0 } }
  func write(_ line: String) { entries.withLock { $0.append(line) } }
}

@Test func aConstellationIsLockedForOneAtATime() async throws {
  let name = uniqueName()
  let (outer, inner) = (try lock(), try lock())
  let refusal = try await outer.hold([name]) { () async -> ConstellationLock.Failure? in
    do throws(ConstellationLock.Failure) {
      try await inner.hold([name]) {}
      return nil
    } catch {
      return error
    }
  }
  #expect(refusal == .held(constellation: name, pid: getpid()))
  // Free again.
  try await inner.hold([name]) {}
  try remove(name)
}

@Test func otherConstellationsAreNotLocked() async throws {
  let (outer, inner) = (try lock(), try lock())
  let (one, other) = (uniqueName(), uniqueName())
  let isHeld = try await outer.hold([one]) { () async -> Bool in
    // Judged by the caller: a failure is what must not be.
    (try? await inner.hold([other]) { true }) ?? false
  }
  #expect(isHeld)
  try remove(one, other)
}

@Test func oneWhoWaitsGetsTheLockWhenItIsFree() async throws {
  let name = uniqueName()
  let (first, second) = (try lock(), try lock(.seconds(60)))
  let diary = Diary()
  try await withThrowingTaskGroup(of: Void.self) { group in
    let (started, start) = AsyncStream.makeStream(of: Void.self)
    group.addTask {
      try await first.hold([name]) {
        start.finish()
        try? await Task.sleep(for: .milliseconds(250))
        diary.write("first done")
      }
    }
    for await _ in started {}
    try await second.hold([name]) { name, _ in
      diary.write("waiting for \(name)")
    } _: {
      diary.write("second")
    }
    try await group.waitForAll()
  }
  #expect(diary.lines == ["waiting for \(name)", "first done", "second"])
  try remove(name)
}

@Test func aNameThatNoFileCanHaveIsRefused() async throws {
  await #expect(throws: ConstellationLock.Failure.self) { try await lock().hold(["a/b"]) {} }
}

@Test func theHostLockIsHeldForOneDeedAfterTheOther() async throws {
  let host = HostLock(in: try NetworkNamespace.current.identity())
  let diary = Diary()
  try await withThrowingTaskGroup(of: Void.self) { group in
    for _ in 0..<4 {
      group.addTask {
        try await host.hold { () async throws(HostError) in
          diary.write("in")
          // Long enough for another to come in, if it could.
          try? await Task.sleep(for: .milliseconds(5))
          diary.write("out")
        }
      }
    }
    try await group.waitForAll()
  }
  #expect(diary.lines == Array(repeating: ["in", "out"], count: 4).flatMap(\.self))
}

@Test func privilegesAreReadFromTheBitsOfTheKernel() {
  let all = Privileges(effective: .max, isRoot: true)
  #expect(all.missing(Privileges.Need.allCases).isEmpty)
  let network = Privileges(effective: 1 << 12, isRoot: false)
  #expect(network.missing(Privileges.Need.allCases) == [.systemAdministration, .root])
  #expect(Privileges(effective: 0, isRoot: true).missing([.networkAdministration]) == [.networkAdministration])
}
