import Glibc
import Host
import Synchronization
import SystemPackage
import Testing

@testable import LinuxHost

@Suite(.enabled(if: geteuid() == 0, "building needs root"))
struct StoreTests {
  /// A kernel from a file: the cheapest thing to build.
  private func withKernel(
    _ body: (DataDirectory, LinuxStore, Recipe) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      let file = folder.appending("bzImage")
      try file.write(StandInKernel.image("a kernel"))
      let recipe = try #require(
        Recipe.test("one", .kernel(.file(file.string, arch: machineArchitecture)), inputs: ["kernel": "x"]))
      try await body(data, LinuxStore(data), recipe)
    }
  }

  @Test func anEntryTellsWhatItIs() async throws {
    try await withKernel { data, store, recipe in
      try await store.build(recipe)
      let entry = try #require(try await store.entries().first)
      #expect(entry.kind == .kernel && entry.name == "one" && entry.fingerprint == recipe.fingerprint)
      #expect(entry.inputs == ["kernel": "x"])
      #expect(entry.digest == sha256(Array(StandInKernel.image("a kernel").utf8)))
      #expect(entry.duration > .zero)
    }
  }

  @Test func whatIsThereIsNotBuiltAgain() async throws {
    try await withKernel { data, store, recipe in
      try await store.build(recipe)
      let inode = try data.entry(.kernel, "one").stat().inode
      try await store.build(recipe)
      #expect(try data.entry(.kernel, "one").stat().inode == inode)
      try await store.build(recipe, rebuild: true, progress: .silent)
      #expect(try data.entry(.kernel, "one").stat().inode != inode)
      #expect(try data.store.folderEntries().map(\.string) == ["kernel"])
    }
  }

  @Test func whatLostItsFileIsBuiltAgain() async throws {
    try await withKernel { data, store, recipe in
      try await store.build(recipe)
      try data.entry(.kernel, "one").appending("kernel").unlink()
      #expect(try await store.entries().isEmpty)
      try await store.build(recipe)
      #expect(try data.entry(.kernel, "one").appending("kernel").text() == StandInKernel.image("a kernel"))
      #expect(try await store.entries().map(\.name) == ["one"])
    }
  }

  @Test func manyWhoAskGetOneBuild() async throws {
    try await withKernel { data, store, recipe in
      let builds = Mutex(0)
      let progress = Progress { report in
        if report.activity == "copying the kernel" { builds.withLock { $0 += 1 } }
      }
      try await withThrowingTaskGroup { group in
        for _ in 0..<4 { group.addTask { try await store.build(recipe, rebuild: false, progress: progress) } }
        try await group.waitForAll()
      }
      #expect(builds.withLock(\.self) == 1)
    }
  }

  @Test func rubbishInTheStoreIsNoEntry() async throws {
    try await withKernel { data, store, recipe in
      try await store.build(recipe)
      try data.entry(.kernel, "two").appending("entry.json").write("{")
      try data.entry(.kernel, "three").appending("kernel").write("x")
      try data.store.pushing("kernel/file").write("x")
      let copy = data.entry(.kernel, "copy").appending("entry.json")
      try copy.write(try data.entry(.kernel, "one").appending("entry.json").text())
      let entries = try await store.entries()
      #expect(entries.map(\.name) == ["one"])
    }
  }

  @Test func whatAKilledBuildLeftIsSweptAndWhatIsBuildingIsNot() async throws {
    try await withKernel { data, store, recipe in
      try data.store.appending(".tmp-dead").appending("x").write("x")
      try data.store.appending(".tmp-\(recipe.fingerprint)").appending("kernel").write("half")
      try data.store.appending(".tmp-alive").appending("x").write("x")
      guard let lock = try FileLock.take(data.temporary.appending("build-alive.lock")) else {
        Issue.record("the lock is taken")
        return
      }
      try await store.build(recipe)
      _ = consume lock
      #expect(try data.store.folderEntries().map(\.string) == [".tmp-alive", "kernel"])
    }
  }

  @Test func aCancelledBuildLeavesNothing() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      try await data.addBusyboxRootfs()
      let word = "meros-sleep-\(UInt64.random(in: 0 ... .max))"
      let hook = folder.appending("0100-wait.chroot")
      try hook.write("#!/bin/sh\necho waiting\nsh -c 'sleep 600; : \(word)'\n")
      let recipe = try #require(try Recipe.image("cancelled", of: "busybox", hooks: [hook]))
      let task = Task { try await LinuxStore(data).build(recipe) }
      while try await Program("pgrep", ["-f", word]).result("look").termination != .exited(0) {
        try await Task.sleep(for: .milliseconds(50))
      }
      task.cancel()
      await #expect(throws: HostError("build image cancelled", .cancelled)) { try await task.value }
      #expect(try await Program("pgrep", ["-f", word]).result("look").termination == .exited(1))
      #expect(try data.store.folderEntries().map(\.string) == ["rootfs"])
      let mounts = try FilePath("/proc/self/mountinfo").text()
      #expect(!mounts.contains(folder.string))
    }
  }

  @Test func aBuildEndsWithTheOneThatAskedForIt() async throws {
    try await withTemporaryFolder { folder in
      // Nobody holds the script's input open: as if meros had been killed.
      let program = Program(
        "unshare",
        ["--mount", "--propagation", "private", "--pid", "--fork", "--mount-proc", "sh", "-eu", "-c"]
          + [Builder.prelude + "sleep 600; echo done"],
        environment: ["WORK": folder.appending("work").string, "WORK_SIZE": ""], timeout: .seconds(600))
      let result = try await program.result("build")
      #expect(result.termination != .exited(0) && !result.lastLines.contains("done"))
    }
  }

  @Test func anImageOfAMissingRootfsIsRefused() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      let recipe = try Recipe.image("alone", of: "none")
      await #expect(throws: HostError("build image alone", .missing("store entry rootfs.none"))) {
        try await LinuxStore(data).build(recipe)
      }
    }
  }

  @Test func anInputThatChangedSinceThePlanStopsTheBuild() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      let includes = folder.appending("includes")
      try includes.pushing("etc/motd").write("planned")
      let recipe = try #require(try Recipe.image("changed", of: "busybox", includes: [includes]))
      try includes.pushing("etc/motd").write("changed")
      await #expect(
        throws: HostError("build image changed", .malformed("file etc/motd", "changed since it was planned"))
      ) { try await LinuxStore(data).build(recipe) }
    }
  }

  @Test(arguments: [
    ("I: extracting archives...", "extracting packages"), ("::meros:: running hook x", "running hook x"),
  ])
  func progressIsReadFromWhatBuildersSay(line: String, activity: String) {
    #expect(Builder.activity(line)?.activity == activity)
    #expect(Builder.activity("anything else") == nil)
  }
}
