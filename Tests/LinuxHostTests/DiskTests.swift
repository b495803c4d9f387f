import Host
import Network
import SystemPackage
import Testing

@testable import LinuxHost

struct DiskTests {
  /// A data directory with an image of 64 MiB named "base".
  private func withDisks(_ body: (DataDirectory, LinuxDisks, Scope) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      let base = data.entry(.image, "base")
      try base.makeFolders()
      try await Program("qemu-img", ["create", "-q", "-f", "qcow2", base.appending("image.qcow2").string, "64M"])
        .run("make image")
      try await body(data, LinuxDisks(data), data.scope("lab"))
    }
  }

  private func root(_ scope: Scope, size: UInt64? = nil) -> DiskDesign {
    DiskDesign(
      scope: scope, name: "web", content: .overlay(image: "base"), size: size.map { ByteCount(bytes: $0) },
      isProtected: false)
  }

  private func dataDisk(
    _ scope: Scope, _ megabytes: UInt64, fileSystem: String? = "ext4", format: DiskFormat = .qcow2
  ) -> DiskDesign {
    DiskDesign(
      scope: scope, name: "web/web-data", content: .data(fileSystem: fileSystem, label: "web-data"), format: format,
      size: ByteCount(bytes: megabytes << 20), isProtected: true)
  }

  @Test func anOverlayNamesItsImage() async throws {
    try await withDisks { data, disks, scope in
      try await disks.ensure(root(scope))
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
    try await withDisks { _, disks, scope in
      let missing = HostError("note that vm web is off", .missing("the mark of disk web"))
      await #expect(throws: missing) { try await disks.setPower(.off, "web", of: scope) }
      try await disks.ensure(root(scope))
      try await disks.setPower(.off, "web", of: scope)
      try await disks.ensure(root(scope, size: 128 << 20))
      #expect(try await disks.disks(of: scope).map(\.power) == [.off])
      try await disks.setPower(.on, "web", of: scope)
      #expect(try await disks.disks(of: scope).map(\.power) == [.on])
      try await disks.remove("web", of: scope)
      var resting = root(scope)
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
      try await LinuxDisks(old).ensure(root(old.scope("lab")))
      try folder.appending("old").rename(to: folder.appending("new"))
      let new = try DataDirectory.open(folder.appending("new"), create: false)
      #expect(new.identity == old.identity)
      let disk = try #require(try await LinuxDisks(new).disks(of: new.scope("lab")).first)
      #expect(!disk.isBroken && disk.image == "base")
      try await Program("qemu-img", ["check", new.disk("web", of: "lab").string]).run("check")
    }
  }

  @Test func aDiskWhoseImageIsGoneIsBroken() async throws {
    try await withDisks { data, disks, scope in
      try await disks.ensure(root(scope))
      try data.entry(.image, "base").removeTree()
      #expect(try await disks.disks(of: scope).first?.isBroken == true)
    }
  }

  @Test func anOverlayOfAMissingImageIsRefused() async throws {
    try await withDisks { data, disks, scope in
      var design = root(scope)
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
    try await withDisks { data, disks, scope in
      try await disks.ensure(dataDisk(scope, 512, fileSystem: fileSystem, format: format))
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
    try await withDisks { data, disks, scope in
      try await disks.ensure(dataDisk(scope, 64, format: format))
      try await disks.ensure(dataDisk(scope, 128, format: format))
      #expect(try await disks.disks(of: scope).first?.size.bytes == 128 << 20)
      try await disks.ensure(dataDisk(scope, 32, format: format))
      #expect(try await disks.disks(of: scope).first?.size.bytes == 128 << 20)
    }
  }

  /// What the guest of this disk sees.
  private func content(_ data: DataDirectory, _ format: DiskFormat) async throws -> String {
    let raw = data.root.appending("content")
    let file = data.disk("web/web-data", of: "lab", format)
    try await Program("qemu-img", ["convert", "-f", format.rawValue, "-O", "raw", file.string, raw.string]).run("read")
    return try FileDigest.of(raw)
  }

  @Test func anotherFormatKeepsWhatIsOnTheDisk() async throws {
    try await withDisks { data, disks, scope in
      try await disks.ensure(dataDisk(scope, 64))
      let before = try await content(data, .qcow2)
      for format in [DiskFormat.raw, .qcow2] {
        try await disks.ensure(dataDisk(scope, 64, format: format))
        #expect(try await content(data, format) == before)
        let disk = try #require(try await disks.disks(of: scope).first)
        #expect(disk.format == format && disk.otherFile == nil && disk.isProtected)
        #expect(
          try data.disks("lab").appending("web").folderEntries().map(\.string).sorted() == [
            "web-data.json", "web-data\(format.ending)",
          ])
      }
      try await disks.ensure(dataDisk(scope, 96, format: .raw))
      #expect(try await disks.disks(of: scope).map(\.size.bytes) == [96 << 20])
    }
  }

  /// Lets the disk's mark say that it is being converted.
  private func note(_ format: DiskFormat, from remains: DiskFormat, in data: DataDirectory) throws {
    let place = data.diskMark("web/web-data", of: "lab")
    var mark = try #require(try DiskMark.read(place.string))
    #expect(mark.remains == nil)
    (mark.format, mark.remains) = (format, remains)
    try place.replaceContents(Array("\(mark.json)".utf8))
  }

  /// Killed at its worst: the new file is there, and the old one still is. The mark says which of them is the disk.
  @Test(arguments: [(DiskFormat.qcow2, DiskFormat.raw), (.raw, .qcow2)])
  func aConversionThatWasKilledLosesNothing(old: DiskFormat, new: DiskFormat) async throws {
    try await withDisks { data, disks, scope in
      try await disks.ensure(dataDisk(scope, 64, format: old))
      let file = data.disk("web/web-data", of: "lab", old)
      let kept = try file.contents(limit: 128 << 20)
      try await disks.ensure(dataDisk(scope, 64, format: new))
      let before = try await content(data, new)
      try file.replaceContents(kept)
      try note(new, from: old, in: data)
      let disk = try #require(try await disks.disks(of: scope).first)
      #expect(disk.format == new && disk.otherFile == .remains)
      // Whoever wants the old format back gets what is on the disk, and not what is left of the old one.
      try await Program(
        "qemu-io", ["-f", new.rawValue, "-c", "write -P 7 1M 1M", data.disk("web/web-data", of: "lab", new).string]
      ).run("write")
      let now = try await content(data, new)
      #expect(now != before)
      for format in [new, old] {
        try await disks.ensure(dataDisk(scope, 64, format: format))
        #expect(try await content(data, format) == now)
        #expect(try await disks.disks(of: scope).map(\.otherFile) == [nil])
      }
    }
  }

  /// Killed before the new file had its name.
  @Test func aConversionThatDidNotComeToItBeginsAnew() async throws {
    try await withDisks { data, disks, scope in
      try await disks.ensure(dataDisk(scope, 64))
      let before = try await content(data, .qcow2)
      try note(.raw, from: .qcow2, in: data)
      #expect(try await disks.disks(of: scope).map(\.format) == [.qcow2])
      for format in [DiskFormat.qcow2, .raw] {
        try await disks.ensure(dataDisk(scope, 64, format: format))
        #expect(try await content(data, format) == before)
        #expect(try await disks.disks(of: scope).map(\.otherFile) == [nil])
      }
    }
  }

  @Test func aFileOfSomebodyElseStays() async throws {
    try await withDisks { data, disks, scope in
      try await disks.ensure(dataDisk(scope, 64))
      let foreign = data.disk("web/web-data", of: "lab", .raw)
      try foreign.write("a copy")
      #expect(try await disks.disks(of: scope).map(\.otherFile) == [.foreign])
      await #expect(throws: HostError("convert disk web/web-data", .notOurs("the file \(foreign)"))) {
        try await disks.ensure(dataDisk(scope, 64, format: .raw))
      }
      try await disks.ensure(dataDisk(scope, 96))
      try await disks.remove("web/web-data", of: scope)
      await #expect(throws: HostError("convert disk web/web-data", .notOurs("the file \(foreign)"))) {
        try await disks.ensure(dataDisk(scope, 64))
      }
      #expect(try foreign.text() == "a copy")
    }
  }

  @Test func twoFilesAndNoMarkAreNoDisk() async throws {
    try await withDisks { data, disks, scope in
      try await disks.ensure(dataDisk(scope, 64, format: .raw))
      try data.disk("web/web-data", of: "lab", .qcow2).write("")
      try data.diskMark("web/web-data", of: "lab").unlink()
      await #expect(throws: HostError.self) { _ = try await disks.disks(of: scope) }
      await #expect(throws: HostError.self) { try await disks.ensure(dataDisk(scope, 64, format: .raw)) }
    }
  }

  @Test func whatAGuestWroteIntoARawDiskIsNotRead() async throws {
    try await withDisks { data, disks, scope in
      try await disks.ensure(dataDisk(scope, 64, fileSystem: nil, format: .raw))
      let place = data.disk("web/web-data", of: "lab", .raw)
      let overlay = data.root.appending("overlay")
      let backing = data.entry(.image, "base").appending("image.qcow2").string
      try await Program("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", backing, overlay.string])
        .run("make what it writes")
      try await Program("dd", ["if=\(overlay)", "of=\(place)", "conv=notrunc", "status=none"]).run("write it")
      let disk = try #require(try await disks.disks(of: scope).first)
      #expect(disk.image == nil && !disk.isBroken && disk.size.bytes == 64 << 20)
      let file = data.diskFile("web/web-data", of: "lab", .raw)
      #expect(try DiskChain.layers(of: file, below: data.store) == [place])
      #expect(try StoreUsage(data: data).users().isEmpty)
      let before = try FileDigest.of(place)
      try await disks.ensure(dataDisk(scope, 64, fileSystem: nil))
      #expect(try await content(data, .qcow2) == before)
    }
  }

  @Test func aDiskThatStandsOnAnotherIsNotConverted() async throws {
    try await withDisks { data, disks, scope in
      try await disks.ensure(dataDisk(scope, 64))
      let place = data.disk("web/web-data", of: "lab")
      let backing = data.entry(.image, "base").appending("image.qcow2").string
      try await Program("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", backing, place.string])
        .run("make what a guest that broke out writes")
      let before = try FileDigest.of(place)
      await #expect(throws: HostError.self) { try await disks.ensure(dataDisk(scope, 64, format: .raw)) }
      #expect(try FileDigest.of(place) == before)
      #expect(try await disks.disks(of: scope).map(\.format) == [.qcow2])
    }
  }

  @Test func snapshotsOfSomebodyAreNotDropped() async throws {
    try await withDisks { data, disks, scope in
      try await disks.ensure(dataDisk(scope, 64))
      try await Program("qemu-img", ["snapshot", "-c", "mine", data.disk("web/web-data", of: "lab").string]).run("save")
      await #expect(throws: HostError.self) { try await disks.ensure(dataDisk(scope, 64, format: .raw)) }
      #expect(try await disks.disks(of: scope).map(\.snapshotCount) == [1])
    }
  }

  @Test func aDiskThatIsInUseIsNotConverted() async throws {
    try await withDisks { data, disks, scope in
      try await disks.ensure(dataDisk(scope, 64))
      try await whileInUse(data.disk("web/web-data", of: "lab")) {
        await #expect(throws: HostError.self) { try await disks.ensure(dataDisk(scope, 64, format: .raw)) }
      }
      #expect(try await disks.disks(of: scope).map(\.format) == [.qcow2])
    }
  }

  @Test func whatIsOnADiskOutlivesEnsuring() async throws {
    try await withDisks { data, disks, scope in
      try await disks.ensure(dataDisk(scope, 64))
      let before = try FileDigest.of(data.disk("web/web-data", of: "lab"))
      var design = dataDisk(scope, 64)
      design.isProtected = false
      try await disks.ensure(design)
      #expect(try FileDigest.of(data.disk("web/web-data", of: "lab")) == before)
      #expect(try await disks.disks(of: scope).first?.isProtected == false)
    }
  }

  @Test func aDiskOfAnotherDataDirectoryIsNotOurs() async throws {
    try await withDisks { data, disks, scope in
      try await disks.ensure(root(scope))
      let other = Scope(constellation: "lab", data: .random())
      #expect(try await disks.disks(of: other).isEmpty)
      await #expect(throws: HostError.self) { try await disks.ensure(root(other)) }
      await #expect(throws: HostError.self) { try await disks.remove("web", of: other) }
      #expect(try await disks.disks(of: scope).count == 1)
    }
  }

  @Test func aLostMarkIsToldApartAndMended() async throws {
    try await withDisks { data, disks, scope in
      try await disks.ensure(root(scope))
      try data.diskMark("web", of: "lab").unlink()
      #expect(try await disks.disks(of: scope).first?.content == nil)
      try await disks.ensure(root(scope))
      #expect(try await disks.disks(of: scope).first?.content == .overlay(image: "base"))
    }
  }

  @Test func removingLeavesNothing() async throws {
    try await withDisks { data, disks, scope in
      try await disks.ensure(root(scope))
      try await disks.ensure(dataDisk(scope, 64))
      // Of a conversion that was killed.
      try data.root.pushing("disks/lab/web/.web-data.raw.tmp").write("half")
      for name in ["web", "web/web-data", "web/web-data"] { try await disks.remove(name, of: scope) }
      #expect(!data.disks("lab").exists)
    }
  }

  @Test func rubbishInAHeaderIsAnError() async throws {
    try await withDisks { data, disks, scope in
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
