import Glibc
import Host
import Network
import SystemPackage
import Testing

@testable import LinuxHost

/// Disks that move from one format to the other, with what stands in the way of that.
struct DiskConversionTests {
  /// What the guest of this disk sees.
  private func content(_ data: DataDirectory, _ format: DiskFormat) async throws -> String {
    let raw = data.root.appending("content")
    let file = data.disk("web/web-data", of: "lab", format)
    try await Program("qemu-img", ["convert", "-f", format.rawValue, "-O", "raw", file.string, raw.string]).run("read")
    return try FileDigest.of(raw)
  }

  @Test func anotherFormatKeepsWhatIsOnTheDisk() async throws {
    try await DiskSample.with { data, disks, scope in
      try await disks.ensure(DiskSample.data(scope, 64))
      let before = try await content(data, .qcow2)
      for format in [DiskFormat.raw, .qcow2] {
        try await disks.ensure(DiskSample.data(scope, 64, format: format))
        #expect(try await content(data, format) == before)
        let disk = try #require(try await disks.disks(of: scope).first)
        #expect(disk.format == format && disk.otherFile == nil && disk.isProtected)
        #expect(
          try data.disks("lab").appending("web").folderEntries().map(\.string).sorted() == [
            "web-data.json", "web-data\(format.ending)",
          ])
      }
      try await disks.ensure(DiskSample.data(scope, 96, format: .raw))
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

  /// The disk has this content, and there is no other file of it.
  private func expect(
    _ disks: LinuxDisks, _ scope: Scope, _ wanted: String, in format: DiskFormat, _ data: DataDirectory
  ) async throws {
    #expect(try await content(data, format) == wanted)
    #expect(try await disks.disks(of: scope).map(\.otherFile) == [nil])
  }

  /// Killed at its worst: the new file is there, and the old one still is. The mark says which of them is the disk.
  @Test(arguments: [(DiskFormat.qcow2, DiskFormat.raw), (.raw, .qcow2)])
  func aConversionThatWasKilledLosesNothing(old: DiskFormat, new: DiskFormat) async throws {
    try await DiskSample.with { data, disks, scope in
      try await disks.ensure(DiskSample.data(scope, 64, format: old))
      let file = data.disk("web/web-data", of: "lab", old)
      let kept = try file.contents(limit: 128 << 20)
      try await disks.ensure(DiskSample.data(scope, 64, format: new))
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
        try await disks.ensure(DiskSample.data(scope, 64, format: format))
        try await expect(disks, scope, now, in: format, data)
      }
    }
  }

  /// Killed before the new file had its name.
  @Test func aConversionThatDidNotComeToItBeginsAnew() async throws {
    try await DiskSample.with { data, disks, scope in
      try await disks.ensure(DiskSample.data(scope, 64))
      let before = try await content(data, .qcow2)
      try note(.raw, from: .qcow2, in: data)
      #expect(try await disks.disks(of: scope).map(\.format) == [.qcow2])
      for format in [DiskFormat.qcow2, .raw] {
        try await disks.ensure(DiskSample.data(scope, 64, format: format))
        try await expect(disks, scope, before, in: format, data)
      }
    }
  }

  @Test func aFileOfSomebodyElseStays() async throws {
    try await DiskSample.with { data, disks, scope in
      try await disks.ensure(DiskSample.data(scope, 64))
      let foreign = data.disk("web/web-data", of: "lab", .raw)
      try foreign.write("a copy")
      #expect(try await disks.disks(of: scope).map(\.otherFile) == [.foreign])
      await #expect(throws: HostError("convert disk web/web-data", .notOurs("the file \(foreign)"))) {
        try await disks.ensure(DiskSample.data(scope, 64, format: .raw))
      }
      try await disks.ensure(DiskSample.data(scope, 96))
      try await disks.remove("web/web-data", of: scope)
      await #expect(throws: HostError("convert disk web/web-data", .notOurs("the file \(foreign)"))) {
        try await disks.ensure(DiskSample.data(scope, 64))
      }
      #expect(try foreign.text() == "a copy")
    }
  }

  @Test func twoFilesAndNoMarkAreNoDisk() async throws {
    try await DiskSample.with { data, disks, scope in
      try await disks.ensure(DiskSample.data(scope, 64, format: .raw))
      try data.disk("web/web-data", of: "lab", .qcow2).write("")
      try data.diskMark("web/web-data", of: "lab").unlink()
      await #expect(throws: HostError.self) { _ = try await disks.disks(of: scope) }
      await #expect(throws: HostError.self) { try await disks.ensure(DiskSample.data(scope, 64, format: .raw)) }
    }
  }

  @Test func whatAGuestWroteIntoARawDiskIsNotRead() async throws {
    try await DiskSample.with { data, disks, scope in
      try await disks.ensure(DiskSample.data(scope, 64, fileSystem: nil, format: .raw))
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
      try await disks.ensure(DiskSample.data(scope, 64, fileSystem: nil))
      #expect(try await content(data, .qcow2) == before)
    }
  }

  @Test func aDiskThatStandsOnAnotherIsNotConverted() async throws {
    try await DiskSample.with { data, disks, scope in
      try await disks.ensure(DiskSample.data(scope, 64))
      let place = data.disk("web/web-data", of: "lab")
      let backing = data.entry(.image, "base").appending("image.qcow2").string
      try await Program("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", backing, place.string])
        .run("make what a guest that broke out writes")
      let before = try FileDigest.of(place)
      await #expect(throws: HostError.self) { try await disks.ensure(DiskSample.data(scope, 64, format: .raw)) }
      #expect(try FileDigest.of(place) == before)
      #expect(try await disks.disks(of: scope).map(\.format) == [.qcow2])
    }
  }

  @Test func snapshotsOfSomebodyAreNotDropped() async throws {
    try await DiskSample.with { data, disks, scope in
      try await disks.ensure(DiskSample.data(scope, 64))
      try await Program("qemu-img", ["snapshot", "-c", "mine", data.disk("web/web-data", of: "lab").string]).run("save")
      await #expect(throws: HostError.self) { try await disks.ensure(DiskSample.data(scope, 64, format: .raw)) }
      #expect(try await disks.disks(of: scope).map(\.snapshotCount) == [1])
    }
  }

  @Test(.enabled(if: Program("losetup").isInstalled && geteuid() == 0, "needs root and losetup"))
  func aDiskThatALoopDeviceIsMadeOfIsNotConverted() async throws {
    try await DiskSample.with { data, disks, scope in
      try await disks.ensure(DiskSample.data(scope, 64, format: .raw))
      let disk = data.disk("web/web-data", of: "lab", .raw)
      let attach = Program("losetup", ["--find", "--show", disk.string], capturesOutput: true)
      let device = String(decoding: try await attach.run("attach").output, as: UTF8.self).filter { $0 != "\n" }
      do {
        #expect(try LoopDevice.all(of: disk) == [device])
        #expect(try LoopDevice.all(of: data.diskMark("web/web-data", of: "lab")) == [])
        let refused = HostError("convert disk web/web-data", .notOurs("the loop device \(device) of \(disk)"))
        await #expect(throws: refused) { try await disks.ensure(DiskSample.data(scope, 64)) }
        #expect(try await disks.disks(of: scope).map(\.format) == [.raw])
      } catch {
        try await Program("losetup", ["--detach", device]).run("detach")
        throw error
      }
      try await Program("losetup", ["--detach", device]).run("detach")
      try await disks.ensure(DiskSample.data(scope, 64))
      #expect(try await disks.disks(of: scope).map(\.format) == [.qcow2])
    }
  }

  @Test func aDiskThatIsInUseIsNotConverted() async throws {
    try await DiskSample.with { data, disks, scope in
      try await disks.ensure(DiskSample.data(scope, 64))
      try await whileInUse(data.disk("web/web-data", of: "lab")) {
        await #expect(throws: HostError.self) { try await disks.ensure(DiskSample.data(scope, 64, format: .raw)) }
      }
      #expect(try await disks.disks(of: scope).map(\.format) == [.qcow2])
    }
  }
}
