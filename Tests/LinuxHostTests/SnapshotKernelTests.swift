import Host
import HostTesting
import Network
import SystemPackage
import Testing

@testable import LinuxHost

/// Snapshots by a real QEMU and by qemu-img. The guest is firmware.
@Suite(.serialized, .enabled(if: MachineSample.isAvailable, "needs root, /dev/net/tun, ip and qemu-system-x86_64"))
struct SnapshotKernelTests {
  private static func tag(_ power: SnapshotTag.Power, _ shape: MachineShape, of scope: Scope) throws -> SnapshotTag {
    SnapshotTag(
      constellation: scope.constellation, name: try #require(SnapshotName("then")), group: "0123456789abcdef",
      machineCount: 1, power: power, shape: shape)
  }

  private static func bytes(of sample: MachineSample) async throws -> [UInt8] {
    let disk = sample.data.disk("web", of: "lab").string
    let result = try await Program("qemu-io", ["-r", "-f", "qcow2", "-c", "read -v 0 16", disk], capturesOutput: true)
      .run("read the disk")
    return Array(result.output.prefix(60))
  }

  @Test func aMachineAtRestGoesBackByItsDisk() async throws {
    try await MachineSample.with([1, 2, 3]) { sample in
      let snapshots = LinuxSnapshots(sample.machines, LinuxDisks(sample.data))
      let before = try await Self.bytes(of: sample)
      let tag = try Self.tag(.off, try await snapshots.shape(of: "web", in: sample.scope), of: sample.scope)
      try await snapshots.save(tag, "web", of: sample.scope)
      let saved = try #require(try await snapshots.snapshots(of: sample.scope).first)
      #expect(saved.tag == tag && saved.disk == "web" && saved.machine == "web")
      #expect(saved.memory.bytes == 0 && saved.size == ByteCount(bytes: 1 << 20) && saved.second > 1_700_000_000)

      let disk = sample.data.disk("web", of: "lab").string
      try await Program("qemu-io", ["-f", "qcow2", "-c", "write -P 9 0 512", disk]).run("write the disk")
      #expect(try await Self.bytes(of: sample) != before)
      try await snapshots.restore(tag, "web", of: sample.scope)
      #expect(try await Self.bytes(of: sample) == before)
      for _ in 1...2 { try await snapshots.remove(tag, "web", of: sample.scope) }
      #expect(try await snapshots.snapshots(of: sample.scope) == [])
    }
  }

  @Test func aMachineThatRunsGoesBackWithItsMemory() async throws {
    try await MachineSample.with { sample in
      try await sample.machines.start(sample.design)
      let snapshots = LinuxSnapshots(sample.machines, LinuxDisks(sample.data))
      let shape = try await snapshots.shape(of: "web", in: sample.scope)
      let tag = try Self.tag(.running, shape, of: sample.scope)
      try await sample.machines.pause("web", of: sample.scope)
      try await snapshots.save(tag, "web", of: sample.scope)
      try await sample.machines.resume("web", of: sample.scope)
      let saved = try #require(try await snapshots.snapshots(of: sample.scope).first)
      #expect(saved.tag == tag && saved.memory.bytes > 1 << 16)

      try await sample.machines.pause("web", of: sample.scope)
      try await snapshots.restore(tag, "web", of: sample.scope)
      #expect(try await sample.observed()?.runState == "paused")
      try await sample.machines.resume("web", of: sample.scope)
      #expect(try await sample.observed()?.runState == "running")
      #expect(try await snapshots.shape(of: "web", in: sample.scope) == shape)

      // Another start is the same machine to what was saved; qemu-img would not touch the disk meanwhile.
      try await sample.machines.stop("web", of: sample.scope, grace: .zero)
      try await sample.machines.start(sample.design)
      #expect(try await snapshots.shape(of: "web", in: sample.scope) == shape)
      try await sample.machines.pause("web", of: sample.scope)
      try await snapshots.restore(tag, "web", of: sample.scope)
      try await snapshots.remove(tag, "web", of: sample.scope)
      #expect(try await snapshots.snapshots(of: sample.scope) == [])
    }
  }

  @Test func anotherMachineHasAnotherShape() async throws {
    try await MachineSample.with { sample in
      let snapshots = LinuxSnapshots(sample.machines, LinuxDisks(sample.data))
      try await sample.machines.start(sample.design)
      let shape = try await snapshots.shape(of: "web", in: sample.scope)
      var design = sample.design
      design.cpus = 2
      // Nobody answers; what came stays.
      await #expect(throws: HostError.self) { try await sample.machines.adjust(design, progress: .silent) }
      let adjusted = try await snapshots.shape(of: "web", in: sample.scope)
      #expect(adjusted.differences(from: shape) == [.cpus, .layout])
      // A start puts the second processor where it came, but on another command line.
      try await sample.machines.stop("web", of: sample.scope, grace: .zero)
      try await sample.machines.start(design)
      let restarted = try await snapshots.shape(of: "web", in: sample.scope)
      #expect(restarted.differences(from: adjusted) == [.layout])
    }
  }

  @Test func aRawDiskHasNoSnapshotsAndNobodyMakesAny() async throws {
    try await MachineSample.with { sample in
      let disks = LinuxDisks(sample.data)
      let snapshots = LinuxSnapshots(sample.machines, disks)
      let tag = try Self.tag(.off, try await snapshots.shape(of: "web", in: sample.scope), of: sample.scope)
      try await snapshots.save(tag, "web", of: sample.scope)
      #expect(try await disks.disks(of: sample.scope).map(\.snapshotCount) == [1])
      // The guest writes a disk with a snapshot into one that is raw.
      let image = try sample.data.disk("web", of: "lab").contents()
      try await disks.ensure(
        DiskDesign(
          scope: sample.scope, name: "web/raw", content: .data(fileSystem: nil, label: "raw"), format: .raw,
          size: ByteCount(bytes: 4 << 20), isProtected: false))
      try sample.data.disk("web/raw", of: "lab", .raw).replaceContents(image)
      #expect(try await snapshots.snapshots(of: sample.scope).map(\.disk) == ["web"])
      let refused = HostError("save vm web", .unsupported("a snapshot of disk web/raw, which is raw"))
      await #expect(throws: refused) { try await snapshots.save(tag, "web", of: sample.scope) }
      try await snapshots.remove(tag, "web", of: sample.scope)
      #expect(try sample.data.disk("web/raw", of: "lab", .raw).contents() == image)
    }
  }

  @Test func whatTheDiskSaysItStandsOnDoesNotCount() {
    #expect(
      LinuxSnapshots.options(["/a,b/web.qcow2", "/store/image.qcow2"])
        == "driver=qcow2,file.driver=file,file.filename=/a,,b/web.qcow2,"
        + "backing.driver=qcow2,backing.file.driver=file,backing.file.filename=/store/image.qcow2")
  }
}
