import Host
import Network
import SystemPackage
import Testing

@testable import LinuxHost

/// What a running guest is asked to do, tried on a folder that stands for its /sys and /proc.
struct GuestTaskTests {
  /// Two processors, one of them at rest, and memory in two blocks, one of them not in use.
  private func withGuest(_ body: (FilePath, MachineDesign) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let cpus = folder.pushing("sys/devices/system/cpu")
      try cpus.pushing("cpu0/online").write("1\n")
      try cpus.pushing("cpu1/online").write("0\n")
      let memory = folder.pushing("sys/devices/system/memory")
      try memory.appending("block_size_bytes").write("8000000\n")
      try memory.pushing("memory0/state").write("online\n")
      try memory.pushing("memory32/state").write("offline\n")
      try folder.pushing("proc/cpuinfo").write("processor\t: 0\nprocessor\t: 1\n")
      try folder.pushing("proc/mounts").write("/dev/vda / ext4 rw 0 0\n")
      try folder.pushing("sys/block/vdb/serial").write("more")
      try folder.pushing("sys/block/vdb/size").write("2048\n")
      let scope = Scope(constellation: "lab", data: try #require(DataIdentity("0123456789abcdef")))
      var design = try MachineDesign.sample(scope)
      design.disks = [.init(name: "web/more", serial: "more", size: ByteCount(bytes: 1 << 20))]
      design.cpus = 2
      design.memory = ByteCount(bytes: 256 << 20)
      try await body(folder, design)
    }
  }

  private func state(_ design: MachineDesign) -> LiveState {
    let networks = MachineParts(design.attributes).networks.enumerated().map { index, network in
      LiveState.Device(device: LiveDevice(.network, index), part: .network(network), isLate: index > 0)
    }
    return LiveState(
      memory: design.memory, baseMemory: ByteCount(bytes: 128 << 20), memoryPieces: 1, processors: [], disks: [],
      networks: networks, ports: 4, objects: [])
  }

  /// With little patience.
  private func run(_ script: String, in folder: FilePath) async throws -> (ProgramFailure.Termination, [String]) {
    let place = folder.appending("script")
    let here = script.replacing("/sys/", with: "\(folder)/sys/").replacing("/proc/", with: "\(folder)/proc/")
    let path = "PATH=\(folder)/bin:/usr/sbin"
    try place.write(here.replacing("-ge 120", with: "-ge 1").replacing("PATH=/usr/sbin", with: path))
    let result = try await Program("sh", [place.string], capturesOutput: true).result("try the script")
    return (result.termination, String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init))
  }

  @Test func whatCameIsTakenIntoUse() async throws {
    try await withGuest { folder, design in
      let (ending, lines) = try await run(GuestTask(design, state(design)).script, in: folder)
      #expect(ending == .exited(0) && lines == [])
      #expect(try folder.pushing("sys/devices/system/cpu/cpu1/online").text() == "1\n")
      #expect(try folder.pushing("sys/devices/system/memory/memory32/state").text() == "online\n")
    }
  }

  @Test func aDiskThatCameIsMountedAndItsFileSystemGrows() async throws {
    try await withGuest { folder, design in
      let log = folder.appending("log")
      for (name, more) in [("mount", "echo \"$3 $4 ext4 rw 0 0\" >>\(folder)/proc/mounts"), ("resize2fs", "true")] {
        try folder.pushing(FilePath("bin/\(name)")).write("#!/bin/sh\necho \(name) $* >>\(log)\n\(more)\n", mode: 0o755)
      }
      var design = design
      design.disks[0].mountPoint = "\(folder)/a place"
      design.disks[0].fileSystem = "ext4"
      var state = state(design)
      let part = MachineParts.Disk(name: "web/more", mount: "", size: nil)
      state.disks = [.init(device: LiveDevice(.disk, 1), part: .disk(part), isLate: true)]
      for _ in 1...2 {
        let (ending, lines) = try await run(GuestTask(design, state).script, in: folder)
        #expect(ending == .exited(0) && lines == [])
      }
      // What the manifest has mounted already is not mounted again.
      let deeds = try log.text().split(separator: "\n").map(String.init)
      #expect(
        deeds == ["mount -t ext4 /dev/vdb \(folder)/a place", "resize2fs /dev/vdb", "resize2fs /dev/vdb"])
      #expect(folder.appending("a place").exists)
    }
  }

  @Test func whatIsMissingIsNamedOnceThePatienceEnds() async throws {
    try await withGuest { folder, design in
      var design = design
      design.cpus = 3
      design.memory = ByteCount(bytes: 512 << 20)
      design.disks[0].size = ByteCount(bytes: 2 << 20)
      design.disks.append(.init(name: "web/other", serial: "it's not here", size: ByteCount(bytes: 1 << 20)))
      var other = design.networks[0]
      other.tap = try #require(LinkName("web1"))
      other.mac = try #require(MACAddress("52:54:00:00:00:02"))
      design.networks.append(other)
      let (ending, lines) = try await run(GuestTask(design, state(design)).script, in: folder)
      #expect(ending == .exited(1))
      #expect(
        lines == [
          "3 processors, only 2", "512 MiB of memory, only 256", "2 MiB on the disk more, only 1",
          "the disk it's not here", "the interface with the address 52:54:00:00:00:02",
        ])
    }
  }

  @Test func aDiskThatNobodyHasMountedIsLetGoOf() async throws {
    try await withGuest { folder, _ in
      let (ending, lines) = try await run(GuestTask.unmount(["more", "nobody has it"]), in: folder)
      #expect(ending == .exited(0) && lines == [])
    }
  }
}
