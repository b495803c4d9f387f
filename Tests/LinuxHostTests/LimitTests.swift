import Glibc
import Host
import Network
import SystemPackage
import Testing

@testable import LinuxHost

/// Limits in a folder that stands for the kernel's tree, whose files keep what is written.
@Suite struct LinuxLimitTests {
  private let all = MachineLimits(
    cpuPercent: 150, memory: ByteCount(bytes: 1 << 30), io: ByteCount(bytes: 100 << 20))

  private func withTree(_ body: (FilePath, DataDirectory, LinuxLimits) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let tree = folder.appending("cgroup")
      try tree.appending("cgroup.controllers").write("cpuset cpu io memory pids\n")
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      try await body(tree, data, LinuxLimits(data, tree: tree))
    }
  }

  private func group(_ tree: FilePath, _ scope: Scope) -> FilePath {
    tree.pushing(FilePath("meros/\(scope.data).lab/web"))
  }

  @Test func whatIsSetIsInTheFilesAndObservedFromThem() async throws {
    try await withTree { tree, data, limits in
      let scope = data.scope("lab")
      #expect(try await limits.limits(of: scope) == [])
      // Without a disk below the data directory there is no rate.
      var wanted = all
      if LinuxLimits.device(of: data.root) == nil { wanted.io = nil }
      #expect(try await limits.controllers() == Set(wanted.controllers))
      try await limits.set(wanted, "web", of: scope)
      let place = group(tree, scope)
      #expect(try place.appending("cpu.max").text() == "150000 100000\n")
      #expect(try place.appending("memory.max").text() == "1073741824\n")
      if let device = LinuxLimits.device(of: data.root) {
        #expect(try place.appending("io.max").text() == "\(device) rbps=104857600 wbps=104857600\n")
      }
      // The last of the words that were written one by one.
      for above in [tree, tree.appending("meros"), place.removingLastComponent()] {
        #expect(try above.appending("cgroup.subtree_control").text() == "+memory\n")
      }
      #expect(try await limits.limits(of: scope) == [ObservedLimits(name: "web", limits: wanted)])
      #expect(try await limits.limits(of: data.scope("other")) == [])

      try await limits.set(MachineLimits(memory: ByteCount(bytes: 1 << 29)), "web", of: scope)
      #expect(try place.appending("cpu.max").text() == "max 100000\n")
      #expect(
        try await limits.limits(of: scope).map(\.limits) == [MachineLimits(memory: ByteCount(bytes: 1 << 29))])
    }
  }

  @Test func whatTheKernelSaysIsRead() throws {
    try withGroup { group in
      try group.path.appending("cpu.max").write("25000 50000\n")
      try group.path.appending("memory.max").write("max\n")
      try group.path.appending("io.max").write(
        "8:0 rbps=1 wbps=1 riops=max wiops=max\n8:16 rbps=4096 wbps=4096 riops=max wiops=max\n")
      #expect(
        try MachineLimits(in: group, device: "8:16") == MachineLimits(cpuPercent: 50, io: ByteCount(bytes: 4096)))
      try group.path.appending("io.max").write("8:16 rbps=4096 wbps=max riops=max wiops=max\n")
      #expect(try MachineLimits(in: group, device: "8:16").io == nil)
    }
  }

  private func withGroup(_ body: (ControlGroup) throws -> Void) throws {
    let folder = FilePath("/tmp/meros-test-group-\(UInt64.random(in: 0 ... .max))")
    try folder.makeFolders()
    defer { try? folder.removeTree() }
    try body(ControlGroup(path: folder))
  }

  @Test func aGroupGoesWithItsMachine() async throws {
    try await withTree { tree, data, limits in
      let scope = data.scope("lab")
      try await limits.remove("web", of: scope)
      try await limits.set(MachineLimits(cpuPercent: 10), "web", of: scope)
      // The kernel's files go with their folder.
      for folder in [group(tree, scope), group(tree, scope).removingLastComponent(), tree.appending("meros")] {
        for name in try folder.folderEntries() where (try? folder.appending(name).stat())?.type == .regular {
          try folder.appending(name).unlink()
        }
      }
      try await limits.remove("web", of: scope)
      #expect(!tree.appending("meros").exists && tree.exists)
    }
  }

  /// Without controllers, which not every machine offers: the groups, and who is in them, are the kernel's.
  @Test(.enabled(if: Self.isTreeWritable, "needs root and cgroup v2"))
  func aProcessIsHeldAndLetGoByTheKernel() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      let (limits, scope) = (LinuxLimits(data), data.scope("lab"))
      let root = try #require(try ControlGroup.root())
      let sleep = try Process.sleeping()
      defer { sleep.end() }
      let before = try FilePath("/proc/\(sleep.pid)/cgroup").text()
      try limits.hold(sleep.pid, "web", of: scope)
      #expect(try FilePath("/proc/\(sleep.pid)/cgroup").text() == before, "it has no limits")

      try await limits.set(MachineLimits(), "web", of: scope)
      try limits.hold(sleep.pid, "web", of: scope)
      #expect(try FilePath("/proc/\(sleep.pid)/cgroup").text().contains("0::/meros/\(scope.data).lab/web\n"))
      #expect(try await limits.limits(of: scope).map(\.name) == ["web"])
      try await limits.remove("web", of: scope)
      #expect(try FilePath("/proc/\(sleep.pid)/cgroup").text() == before)
      #expect(try await limits.limits(of: scope) == [] && !root.constellation(scope).exists)
    }
  }

  private static var isTreeWritable: Bool {
    guard geteuid() == 0, let root = try? ControlGroup.root() else { return false }
    return unsafe root.path.withPlatformString { unsafe access($0, W_OK) } == 0
  }

  /// A child that does nothing.
  private struct Process {
    let pid: pid_t

    static func sleeping() throws -> Process {
      var pid: pid_t = 0
      let command: [String] = ["sleep", "600"]
      var words = unsafe command.map { unsafe strdup($0) } + [nil]
      defer { unsafe words.forEach { unsafe free($0) } }
      guard unsafe posix_spawnp(&pid, "sleep", nil, nil, &words, environ) == 0 else { throw Errno(rawValue: errno) }
      return Process(pid: pid)
    }

    func end() {
      kill(pid, SIGKILL)
      _ = waitpid(pid, nil, 0)
    }
  }

  @Test func theTreeIsFoundAmongTheMounts() {
    let mounts = """
      24 1 0:22 / /sys rw,nosuid shared:7 - sysfs sysfs rw
      31 24 0:27 / /sys/fs/cgroup ro,nosuid shared:9 - tmpfs tmpfs ro,mode=755
      32 31 0:28 / /sys/fs/cgroup/unified rw,nosuid - cgroup2 cgroup2 rw,nsdelegate
      """
    #expect(ControlGroup.mountPoint(in: mounts) == "/sys/fs/cgroup/unified")
    #expect(ControlGroup.mountPoint(in: "24 1 0:22 / /sys rw shared:7 - sysfs cgroup2 rw") == nil)
  }

  @Test func aFileSystemWithoutADiskHasNoDevice() {
    #expect(LinuxLimits.device(of: "/proc") == nil && LinuxLimits.device(of: "/nonexistent") == nil)
  }

  @Test func memoryCountsInPagesOfAnySize() {
    #expect(MachineLimits(memory: ByteCount(bytes: 1)).memory?.bytes == 65536)
    #expect(MachineLimits(memory: ByteCount(bytes: 1 << 30)).memory?.bytes == 1 << 30)
    #expect(all.controllers == ["cpu", "io", "memory"])
  }
}
