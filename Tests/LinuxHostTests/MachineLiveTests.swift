import Host
import HostTesting
import Network
import SystemPackage
import Testing

@testable import LinuxHost

/// What comes to a QEMU that runs. Its guest is firmware that nobody can ask.
@Suite(.serialized, .enabled(if: MachineSample.isAvailable, "needs root, /dev/net/tun, ip and qemu-system-x86_64"))
struct MachineLiveTests {
  @Test(arguments: DiskFormat.allCases)
  func allThatComesIsThereAndYetToBeProven(format: DiskFormat) async throws {
    try await MachineSample.with { sample in
      var design = sample.design
      try await sample.machines.start(design)
      let pid = try #require(try await sample.observed()).pid
      design.memory = ByteCount(bytes: 192 << 20)
      design.cpus = 3
      design.disks[0].size = ByteCount(bytes: 2 << 20)
      design.disks.append(.init(name: "web/more", serial: "more", size: ByteCount(bytes: 1 << 20), format: format))
      try await LinuxDisks(sample.data).ensure(
        DiskDesign(
          scope: sample.scope, name: "web/more", content: .data(fileSystem: nil, label: "more"), format: format,
          size: ByteCount(bytes: 1 << 20), isProtected: false))
      try sample.namespace.ip("tuntap", "add", "dev", "web1", "mode", "tap", "user", "\(sample.scope.uid)", "vnet_hdr")
      try sample.namespace.ip("link", "set", "web1", "up")
      var other = design.networks[0]
      other.tap = try #require(LinkName("web1"))
      other.mac = try #require(MACAddress("52:54:00:00:00:02"))
      other.addresses = []
      design.networks.append(other)

      // Nobody answers; what came stays, however often it is tried.
      for _ in 1...2 {
        await #expect(throws: HostError.self) { try await sample.machines.adjust(design, progress: .silent) }
        let observed = try #require(try await sample.observed())
        #expect(observed.attributes == design.attributes)
        #expect(observed.isUnproven && observed.pid == pid && observed.runState == "running")
        #expect(observed.room?.memorySlots == 3 && observed.room?.ports == 2)
      }
      #expect(try sample.namespace.ip("link", "show", "web1").contains("LOWER_UP"))
      // A start has all of it from the beginning, and nothing to prove.
      try await sample.machines.stop("web", of: sample.scope, grace: .zero)
      try await sample.machines.start(design)
      let again = try #require(try await sample.observed())
      #expect(again.attributes == design.attributes && !again.isUnproven)
    }
  }

  @Test func aDiskGrowsUnderItsMachine() async throws {
    try await MachineSample.with { sample in
      try await sample.machines.growDisk("web", of: sample.scope, to: ByteCount(bytes: 2 << 20))
      try await sample.machines.start(sample.design)
      for _ in 1...2 {
        try await sample.machines.growDisk("web", of: sample.scope, to: ByteCount(bytes: 2 << 20))
        let observed = try #require(try await sample.observed())
        #expect(observed.attributes["disks[0].size"] == "2M" && observed.isUnproven)
      }
    }
  }

  @Test func aRawDiskGrowsUnderItsMachine() async throws {
    try await MachineSample.with { sample in
      var design = sample.design
      design.disks[0].format = .raw
      // Marked first: of a file without a mark nothing is made.
      for format in [DiskFormat.qcow2, .raw] {
        try await LinuxDisks(sample.data).ensure(
          DiskDesign(
            scope: sample.scope, name: "web", content: .own, format: format, size: ByteCount(bytes: 1 << 20),
            isProtected: false))
      }
      try await sample.machines.start(design)
      #expect(try await sample.observed()?.attributes == design.attributes)
      try await sample.machines.growDisk("web", of: sample.scope, to: ByteCount(bytes: 2 << 20))
      #expect(try await sample.observed()?.attributes["disks[0].size"] == "2M")
      #expect(try sample.data.disk("web", of: "lab", .raw).stat().size == 2 << 20)
    }
  }

  @Test func aMachineThatDoesNotRunCannotBeChanged() async throws {
    try await MachineSample.with { sample in
      let missing = HostError("change vm web while it runs", .missing("vm web"))
      await #expect(throws: missing) { try await sample.machines.adjust(sample.design, progress: .silent) }
      try await sample.machines.release(sample.design)
    }
  }

  @Test func aQEMUsVitalsAreTheKernels() async throws {
    try await MachineSample.with { sample in
      try await sample.machines.start(sample.design)
      let pid = try #require(try await sample.observed()).pid
      let vitals = try #require(await sample.machines.vitals(of: [pid, 0])[pid])
      #expect(vitals.uptime < .seconds(3600) && vitals.processorTime > .zero)
      #expect(vitals.residentMemory.bytes > 1 << 20)
      #expect(await sample.machines.vitals(of: [0]).isEmpty)
    }
  }
}
