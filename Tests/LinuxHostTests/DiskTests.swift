import Host
import Network
import SystemPackage
import Testing

@testable import LinuxHost

struct DiskTests {
  @Test func anOverlayNamesItsImage() async throws {
    try await DiskSample.with { data, disks, scope in
      try await disks.ensure(DiskSample.root(scope))
      var disk = try #require(try await disks.disks(of: scope).first)
      let madeAt = try #require(disk.madeAt)
      try await disks.setPower(.off, "web", of: scope)
      try await disks.setPower(.on, "web", of: scope)
      #expect(try await disks.disks(of: scope).first?.madeAt == madeAt && madeAt > 1_700_000_000)
      disk.madeAt = nil
      #expect(
        disk
          == ObservedDisk(
            name: "web", image: "base", isBroken: false, content: .overlay(image: "base"),
            size: ByteCount(bytes: 64 << 20), isProtected: false, power: .on))
      try await Program("qemu-img", ["check", data.disk("web", of: "lab").string]).run("check")
    }
  }

  @Test func whetherAMachineIsMeantToRunStandsInTheMarkAndStays() async throws {
    try await DiskSample.with { _, disks, scope in
      let missing = HostError("note that vm web is off", .missing("the mark of disk web"))
      await #expect(throws: missing) { try await disks.setPower(.off, "web", of: scope) }
      try await disks.ensure(DiskSample.root(scope))
      try await disks.setPower(.off, "web", of: scope)
      try await disks.ensure(DiskSample.root(scope, size: 128 << 20))
      #expect(try await disks.disks(of: scope).map(\.power) == [.off])
      try await disks.setPower(.on, "web", of: scope)
      #expect(try await disks.disks(of: scope).map(\.power) == [.on])
      try await disks.remove("web", of: scope)
      var resting = DiskSample.root(scope)
      resting.power = .off
      try await disks.ensure(resting)
      #expect(try await disks.disks(of: scope).map(\.power) == [.off])
    }
  }

  @Test func theDataDirectoryMayMove() async throws {
    try await withTemporaryFolder { folder in
      let old = try DataDirectory.open(folder.appending("old"), create: true)
      let base = old.entry(.image, "base")
      try base.makeFolders()
      try await Program("qemu-img", ["create", "-q", "-f", "qcow2", base.appending("image.qcow2").string, "64M"])
        .run("make image")
      try await LinuxDisks(old).ensure(DiskSample.root(old.scope("lab")))
      try folder.appending("old").rename(to: folder.appending("new"))
      let new = try DataDirectory.open(folder.appending("new"), create: false)
      #expect(new.identity == old.identity)
      let disk = try #require(try await LinuxDisks(new).disks(of: new.scope("lab")).first)
      #expect(!disk.isBroken && disk.image == "base")
      try await Program("qemu-img", ["check", new.disk("web", of: "lab").string]).run("check")
    }
  }

  @Test func aDiskWhoseImageIsGoneIsBroken() async throws {
    try await DiskSample.with { data, disks, scope in
      try await disks.ensure(DiskSample.root(scope))
      try data.entry(.image, "base").removeTree()
      #expect(try await disks.disks(of: scope).first?.isBroken == true)
    }
  }

  @Test func anOverlayOfAMissingImageIsRefused() async throws {
    try await DiskSample.with { data, disks, scope in
      var design = DiskSample.root(scope)
      design.content = .overlay(image: "none")
      await #expect(throws: HostError("create disk web", .missing("store entry image.none"))) {
        try await disks.ensure(design)
      }
      let left = try await disks.disks(of: scope)
      #expect(left.isEmpty)
    }
  }

  @Test(arguments: ["ext4", "xfs"], DiskFormat.allCases)
  func aDataDiskIsFormatted(fileSystem: String, format: DiskFormat) async throws {
    try await DiskSample.with { data, disks, scope in
      try await disks.ensure(DiskSample.data(scope, 512, fileSystem: fileSystem, format: format))
      let disk = try #require(try await disks.disks(of: scope).first)
      #expect(disk.name == "web/web-data" && disk.size.bytes == 512 << 20 && disk.isProtected)
      #expect(disk.content == .data(fileSystem: fileSystem, label: "web-data") && disk.image == nil)
      #expect(disk.format == format && disk.otherFile == nil)
      let raw = data.root.appending("raw")
      let file = data.disk("web/web-data", of: "lab", format)
      // Nothing is written but what the file system holds.
      #expect(try file.stat().sizeAllocated < 128 << 20)
      try await Program("qemu-img", ["convert", "-f", format.rawValue, "-O", "raw", file.string, raw.string]).run(
        "read")
      let said = try await Program("blkid", ["-o", "export", raw.string], capturesOutput: true).run("look")
      let text = String(decoding: said.output, as: UTF8.self)
      #expect(text.contains("TYPE=\(fileSystem)\n") && text.contains("LABEL=web-data\n"))
    }
  }

  @Test(arguments: DiskFormat.allCases) func aDiskGrowsAndNeverShrinks(format: DiskFormat) async throws {
    try await DiskSample.with { data, disks, scope in
      try await disks.ensure(DiskSample.data(scope, 64, format: format))
      try await disks.ensure(DiskSample.data(scope, 128, format: format))
      #expect(try await disks.disks(of: scope).first?.size.bytes == 128 << 20)
      try await disks.ensure(DiskSample.data(scope, 32, format: format))
      #expect(try await disks.disks(of: scope).first?.size.bytes == 128 << 20)
    }
  }

  @Test func whatIsOnADiskOutlivesEnsuring() async throws {
    try await DiskSample.with { data, disks, scope in
      try await disks.ensure(DiskSample.data(scope, 64))
      let before = try FileDigest.of(data.disk("web/web-data", of: "lab"))
      var design = DiskSample.data(scope, 64)
      design.isProtected = false
      try await disks.ensure(design)
      #expect(try FileDigest.of(data.disk("web/web-data", of: "lab")) == before)
      #expect(try await disks.disks(of: scope).first?.isProtected == false)
    }
  }

  @Test func aDiskOfAnotherDataDirectoryIsNotOurs() async throws {
    try await DiskSample.with { data, disks, scope in
      try await disks.ensure(DiskSample.root(scope))
      let other = Scope(constellation: "lab", data: .random())
      #expect(try await disks.disks(of: other).isEmpty)
      await #expect(throws: HostError.self) { try await disks.ensure(DiskSample.root(other)) }
      await #expect(throws: HostError.self) { try await disks.remove("web", of: other) }
      #expect(try await disks.disks(of: scope).count == 1)
    }
  }

  @Test func aLostMarkIsToldApartAndMended() async throws {
    try await DiskSample.with { data, disks, scope in
      try await disks.ensure(DiskSample.root(scope))
      try data.diskMark("web", of: "lab").unlink()
      #expect(try await disks.disks(of: scope).first?.content == nil)
      try await disks.ensure(DiskSample.root(scope))
      #expect(try await disks.disks(of: scope).first?.content == .overlay(image: "base"))
    }
  }

  @Test func removingLeavesNothing() async throws {
    try await DiskSample.with { data, disks, scope in
      try await disks.ensure(DiskSample.root(scope))
      try await disks.ensure(DiskSample.data(scope, 64))
      // Of a conversion that was killed.
      try data.root.pushing("disks/lab/web/.web-data.raw.tmp").write("half")
      for name in ["web", "web/web-data", "web/web-data"] { try await disks.remove(name, of: scope) }
      #expect(!data.disks("lab").exists)
    }
  }

  @Test func rubbishInAHeaderIsAnError() async throws {
    try await DiskSample.with { data, disks, scope in
      let path = data.disk("bad", of: "lab")
      try path.removingLastComponent().makeFolders()
      var header: [UInt8] = [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3] + [UInt8](repeating: 0xff, count: 100)
      for bytes in [[], Array("no disk".utf8), header] {
        try path.replaceContents(bytes)
        await #expect(throws: HostError.self) { _ = try await disks.disks(of: scope) }
      }
      header.replaceSubrange(8..<20, with: [0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0, 0, 0, 9])
      try path.replaceContents(header)
      await #expect(throws: HostError.self) { _ = try await disks.disks(of: scope) }
    }
  }
}
