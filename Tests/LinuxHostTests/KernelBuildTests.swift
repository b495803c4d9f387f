import Glibc
import Host
import Synchronization
import SystemPackage
import Testing

@testable import LinuxHost

/// Kernels from git, with a stand-in for the kernel's sources.
@Suite(.enabled(if: geteuid() == 0, "building needs root"))
struct KernelBuildTests {
  private func withKernel(_ body: (StandInKernel, LinuxStore) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let kernel = try await StandInKernel(in: folder)
      try await body(kernel, LinuxStore(kernel.data))
    }
  }

  @Test func aCommitIsCompiledWithItsConfigurationAndContained() async throws {
    try await withKernel { kernel, store in
      let told = Mutex<[Progress.Report]>([])
      let progress = Progress { report in told.withLock { $0.append(report) } }
      let recipe = try #require(try await kernel.recipe(config: [("CONFIG_A", "y"), ("CONFIG_B", "n")]))
      try await store.build(recipe, rebuild: false, progress: progress)
      let entry = kernel.data.entry(.kernel, "linux")
      let image = try entry.appending("kernel").text()
      #expect(
        image == """
          CONFIG_A=y
          one
          x86_64 /run/meros/build/output /run/meros/build/source 1895825408 Thu Jan 1 00:00:00 UTC 2026 meros meros 1 none
          lo

          """)
      #expect(try entry.folderEntries().map(\.string) == ["config", "entry.json", "initrd", "kernel"])
      #expect(try entry.appending("config").text() == "CONFIG_A=y\n")
      #expect(try kernel.data.newestKernel("bzImage").text() == image)
      #expect(told.withLock { $0.map(\.activity) }.contains("compiling file 2"))
      #expect(KernelFolder(recipe, in: kernel.data).steps(arch: "x86_64") == 2)
    }
  }

  @Test func anotherArchitectureIsCompiledByItsOwnCompiler() async throws {
    try await withKernel { kernel, store in
      try await store.build(try await kernel.recipe(arch: "aarch64"))
      let entry = kernel.data.entry(.kernel, "linux")
      let image = try entry.appending("kernel").text()
      #expect(image.contains("\narm64 aarch64-linux-gnu- /run/meros/build/output "))
      #expect(try kernel.data.newestKernel("Image").text() == image)
      // Its initramfs runs there too.
      let read = Program(
        "cpio", ["-i", "--quiet", "--to-stdout", "-F", entry.appending("initrd").string, "bin/busybox"],
        capturesOutput: true)
      let busybox = try await read.run("read").output
      #expect(busybox.dropFirst(18).first == 0xb7 && ELFHeader.isStatic(busybox))
    }
  }

  @Test func twoBuildsInTwoPlacesAreBitIdentical() async throws {
    var digests: Set<String> = []
    for _ in 0..<2 {
      try await withKernel { kernel, store in
        try await store.build(try await kernel.recipe())
        digests.insert(try #require(try await store.entries().first).digest)
      }
    }
    #expect(digests.count == 1)
  }

  @Test func nothingIsCompiledTwice() async throws {
    try await withKernel { kernel, store in
      let compiled = Mutex(0)
      let progress = Progress { report in
        if report.activity == "compiling" { compiled.withLock { $0 += 1 } }
      }
      let recipe = try #require(try await kernel.recipe())
      for _ in 0..<2 { try await store.build(recipe, rebuild: false, progress: progress) }
      #expect(compiled.withLock(\.self) == 1)
      // Another name or another initramfs around it compiles nothing either.
      let other = try #require(try await kernel.recipe("other"))
      try await store.build(other, rebuild: false, progress: progress)
      #expect(compiled.withLock(\.self) == 1)
      try await store.build(recipe, rebuild: true, progress: progress)
      #expect(compiled.withLock(\.self) == 2)
    }
  }

  @Test func anotherCommitIsFetchedAndCompiled() async throws {
    try await withKernel { kernel, store in
      try await store.build(try await kernel.recipe())
      try await kernel.commit("init.c", "two\n")
      try await store.build(try await kernel.recipe("next"))
      #expect(try kernel.data.entry(.kernel, "next").appending("kernel").text().contains("\ntwo\n"))
      #expect(try kernel.data.newestKernel("bzImage").text().contains("\ntwo\n"))
      let asked = try #require(try await kernel.recipe("next"))
      try kernel.data.newestKernel("bzImage").unlink()
      try store.publish(asked)
      #expect(try kernel.data.newestKernel("bzImage").text().contains("\ntwo\n"))
    }
  }

  @Test func aLineThatDoesNotStickIsNamedWithItsPlace() async throws {
    try await withKernel { kernel, store in
      let recipe = try await kernel.recipe(
        config: [("CONFIG_A", "y"), ("CONFIG_DROPPED", "y"), ("CONFIG_NUMBER", "7"), ("CONFIG_OFF", "n")])
      let error = await #expect(throws: HostError.self) { try await store.build(recipe) }
      guard case .configuration(let rejections) = error?.cause else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(
        rejections.map { "\($0.line.place) \($0.line.text) \($0.became ?? "-")" } == [
          "extra.config:2 CONFIG_DROPPED=y -", "extra.config:3 CONFIG_NUMBER=7 1",
        ])
      #expect(try await store.entries().isEmpty)
    }
  }

  @Test func whatDoesNotCompileShowsItsErrors() async throws {
    try await withKernel { kernel, store in
      try await kernel.commit("broken", "")
      let recipe = try await kernel.recipe()
      let error = await #expect(throws: HostError.self) { try await store.build(recipe) }
      guard case .program(let failure) = error?.cause, let log = failure.log else {
        Issue.record("\(String(describing: error))")
        return
      }
      // A hundred lines of others came in between.
      #expect(failure.lastLines.contains("init.c:3:1: error: expected ';'"))
      #expect(failure.lastLines.last == "make bzImage ended with exit code 2")
      #expect(try FilePath(log).text().contains("  AR      50"))
      #expect(try await store.entries().isEmpty)
    }
  }

  @Test func whatIsKilledInTheMiddleLeavesNoEntryAndGoesOnLater() async throws {
    try await withKernel { kernel, store in
      try await kernel.commit("slow", "")
      let recipe = try #require(try await kernel.recipe())
      let folder = KernelFolder(recipe, in: kernel.data)
      let task = Task { try await store.build(recipe, rebuild: false, progress: .silent) }
      while !folder.output.appending("begun").exists { try await Task.sleep(for: .milliseconds(50)) }
      task.cancel()
      await #expect(throws: HostError("build kernel linux", .cancelled)) { try await task.value }
      #expect(try await store.entries().isEmpty)
      #expect(try kernel.data.store.folderEntries().isEmpty)
      #expect(!folder.image.exists && folder.source.exists)
      #expect(!(try FilePath("/proc/self/mountinfo").text()).contains("/run/meros/build"))
      try await store.build(recipe)
      #expect(try await store.entries().map(\.name) == ["linux"])
      #expect(try folder.path.folderEntries().map(\.string) == ["config", "image"])
    }
  }

  @Test func aRepositoryThatIsGoneIsNamedByGitItself() async throws {
    try await withKernel { kernel, store in
      let recipe = try await kernel.recipe()
      try kernel.repository.removeTree()
      let error = await #expect(throws: HostError.self) { try await store.build(recipe) }
      guard case .program(let failure) = error?.cause else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(failure.command.prefix(2) == ["git", "fetch"])
      #expect(failure.lastLines.contains { $0.contains("does not appear to be a git repository") })
    }
  }
}

struct CompileProgressTests {
  @Test(
    arguments: [
      ("  CC      init/main.o", true), ("  LD [M]  x.ko", true), ("    CC x.o", false), ("  cc x.o", false),
      ("CC x.o", false), ("  CC", false), ("", false), ("make[1]: Entering directory", false),
    ])
  func stepsAreTheLinesThatMakeWrites(_ line: String, _ isStep: Bool) {
    #expect(CompileProgress.isStep(line) == isStep)
  }

  @Test func theFractionIsOfWhatTheLastBuildTook() {
    let progress = CompileProgress(total: 4)
    #expect(progress.report("  CC      a.o") == .init("compiling file 1", fraction: 0.25))
    #expect(progress.report("hello") == nil)
    for _ in 0..<4 { _ = progress.report("  CC      a.o") }
    #expect(progress.report("  CC      a.o") == .init("compiling file 6", fraction: 0.99))
    #expect(CompileProgress(total: nil).report("  CC      a.o") == .init("compiling file 1"))
  }

  @Test func gitsProgressIsRead() {
    #expect(GitCache.fraction("Receiving objects:  12% (34/567)") == 0.12)
    #expect(GitCache.fraction("Receiving objects: 100% (7/7), done.") == 1)
    #expect(GitCache.fraction("remote: Counting objects:  12% (34/567)") == nil)
  }
}
