import Host
import SystemPackage
import Testing

@testable import LinuxHost

struct DataDirectoryTests {
  @Test func lookingMakesNothing() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.appending("data")
      let data = try DataDirectory.open(path, create: false)
      #expect(!path.exists)
      #expect(try DataDirectory.open(path, create: false).identity != data.identity)
      #expect(try await LinuxStore(data).entries().isEmpty)
      #expect(try await LinuxDisks(data).disks(of: data.scope("lab")).isEmpty)
      #expect(try await LinuxKeys(data).keys(of: "lab").isEmpty)
      #expect(!path.exists)
    }
  }

  @Test func theIdentityIsMadeOnce() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.pushing("deep/data")
      let identities = try await withThrowingTaskGroup(of: DataIdentity.self) { group in
        for _ in 0..<8 { group.addTask { try DataDirectory.open(path, create: true).identity } }
        return try await group.reduce(into: Set<DataIdentity>()) { $0.insert($1) }
      }
      #expect(identities.count == 1)
      #expect(try DataDirectory.open(path, create: false).identity == identities.first)
      #expect(try path.appending("keys").folderEntries().map(\.string) == [".identity"])
      #expect(try path.stat().permissions == [.ownerReadWriteExecute])
    }
  }

  @Test func aSpoiltIdentityIsAnError() async throws {
    try await withTemporaryFolder { folder in
      try folder.pushing("keys/.identity").write("rubbish")
      #expect(throws: HostError.self) { try DataDirectory.open(folder, create: true) }
    }
  }

  @Test func aTreeIsRemovedWithoutFollowingLinks() async throws {
    try await withTemporaryFolder { folder in
      try folder.pushing("kept/file").write("x")
      try folder.pushing("gone/a/b").write("x")
      try await Program("ln", ["-s", "../kept", folder.pushing("gone/link").string]).run("link")
      try folder.appending("gone").removeTree()
      try folder.appending("gone").removeTree()
      #expect(!folder.appending("gone").exists && folder.pushing("kept/file").exists)
    }
  }

  @Test func aLockIsHeldByOne() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.pushing("locks/one")
      guard let first = try FileLock.take(path) else {
        Issue.record("a free lock was refused")
        return
      }
      #expect(try isTaken(path))
      _ = consume first
      #expect(try !isTaken(path))
    }
  }

  private func isTaken(_ path: FilePath) throws -> Bool {
    if let lock = try FileLock.take(path) {
      _ = consume lock
      return false
    }
    return true
  }
}
