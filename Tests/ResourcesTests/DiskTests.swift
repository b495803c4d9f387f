import Host
import Network
import Reconcile
import Testing

@testable import Resources

struct DiskTests {
  private let scope: Scope
  private let source = PackageSource(distribution: "debian", release: "bookworm", arch: "x86_64")

  init() throws {
    scope = Scope(constellation: "lab", data: try #require(DataIdentity("0123456789abcdef")))
  }

  private func image(_ files: [String: String], packages: [String] = []) -> Image {
    Image(
      of: Rootfs(from: source, packages: packages, on: Rootfs(baseOf: source)),
      layers: [Image.Layer(path: "/x", tree: files)], hooks: [],
      hooksReachNetwork: false, room: .free(ByteCount(bytes: 1 << 20)))
  }

  private func root(_ image: Image, protect: Bool = false, follows: Bool = true) -> Disk {
    Disk(
      DiskDesign(
        scope: scope, name: "web", content: .overlay(image: image.name), size: nil, isProtected: protect),
      of: image, followsImage: follows)
  }

  private func data(_ gigabytes: UInt64, fileSystem: String? = "ext4", protect: Bool = false) -> Disk {
    Disk(
      DiskDesign(
        scope: scope, name: "web/data", content: .data(fileSystem: fileSystem, label: "data"),
        size: ByteCount(bytes: gigabytes << 30), isProtected: protect))
  }

  /// The disk as it would be after the design was made; `image` is what it stands on.
  private func observed(_ disk: Disk, on image: Image? = nil) -> Disk.Observed {
    let entry = image.map {
      StoreEntry(
        kind: .image, name: $0.name, fingerprint: $0.recipe.fingerprint, inputs: $0.recipe.inputs, digest: "d",
        duration: .zero)
    }
    return Disk.Observed(
      disk: ObservedDisk(
        name: disk.name, image: image?.name, imageDigest: image.map { _ in "d" }, isBroken: false,
        content: disk.design.content, format: disk.design.format, size: disk.design.size ?? ByteCount(bytes: 1 << 30),
        isProtected: disk.design.isProtected, power: .on),
      scope: scope, image: entry)
  }

  private func change(_ from: Disk.Observed?, _ to: Disk?, replaced: Set<ResourceAddress> = []) -> Change? {
    Disk.change(to?.name ?? "web", from: from, to: to, under: Circumstances(replaced: replaced))
  }

  @Test func whatAgreesIsLeftAlone() {
    let image = image([:])
    #expect(change(observed(root(image), on: image), root(image)) == nil)
    #expect(change(observed(data(1)), data(1)) == nil)
  }

  @Test func aNewImageIsARebuildThatNamesTheInputs() throws {
    let old = image(["etc/motd": String(repeating: "a", count: 64)], packages: ["curl"])
    let new = image(["etc/motd": String(repeating: "b", count: 64)], packages: ["curl", "nginx"])
    let found = try #require(change(observed(root(old), on: old), root(new)))
    #expect(found.verb == .replace && found.disruption == .rebuild && found.obstacle == nil)
    #expect(
      found.reasons == [
        Reason("file etc/motd", before: "aaaaaaaaaaaa", after: "bbbbbbbbbbbb"),
        Reason("packages", before: "curl", after: "curl nginx"),
      ])
    #expect(found.tearDown.map(\.description) == ["delete disk web"])
    #expect(found.setUp.map(\.description) == ["create or grow disk web"])
  }

  @Test func anImageWhoseInputsAreUnknownIsNamed() throws {
    let (old, new) = (image([:]), image(["a": "1"]))
    var before = observed(root(old), on: old)
    before.image = nil
    let found = try #require(change(before, root(new)))
    #expect(found.reasons == [Reason("image", before: old.name, after: new.name)])
  }

  @Test func aProtectedDiskIsNotRebuilt() throws {
    let (old, new) = (image([:]), image(["a": "1"]))
    let found = try #require(change(observed(root(old), on: old), root(new, protect: true)))
    #expect(found.obstacle == .isProtected)
  }

  @Test func aDiskMayKeepItsOldImageUnlessThatIsGone() throws {
    let (old, new) = (image([:]), image(["a": "1"]))
    var before = observed(root(old), on: old)
    #expect(change(before, root(new, follows: false)) == nil)
    let unprotected = try #require(change(before, root(new, protect: true, follows: false)))
    #expect((unprotected.setUp.first as? EnsureDisk)?.design.content == .overlay(image: old.name))
    before.disk.isBroken = true
    #expect(change(before, root(new, follows: false))?.disruption == .rebuild)
  }

  @Test func anImageWithOtherBytesIsARebuild() throws {
    let image = image([:])
    var before = observed(root(image), on: image)
    before.image?.digest = "other"
    #expect(change(before, root(image))?.disruption == .rebuild)
  }

  @Test func anImageThatIsBuiltAnewOnRequestIsARebuildAndALostOneIsNot() {
    let image = image([:])
    var before = observed(root(image), on: image)
    #expect(change(before, root(image), replaced: [image.address])?.disruption == .rebuild)
    before.disk.isBroken = true
    before.image = nil
    #expect(change(before, root(image), replaced: [image.address]) == nil)
  }

  @Test func aDataDiskGrowsLiveAndNeverShrinks() throws {
    let growth = try #require(change(observed(data(1)), data(2)))
    #expect(growth.verb == .update && growth.disruption == .live && growth.obstacle == nil)
    #expect(growth.reasons == [Reason("size", before: "1G", after: "2G")])
    #expect(change(observed(data(2)), data(1))?.obstacle == .shrinks(from: "2G", to: "1G"))
  }

  @Test func anotherFileSystemIsDataLoss() throws {
    let found = try #require(change(observed(data(1)), data(1, fileSystem: "xfs")))
    #expect(found.disruption == .dataLoss && found.reasons == [Reason("fs_type", before: "ext4", after: "xfs")])
  }

  @Test(arguments: [(DiskFormat.qcow2, DiskFormat.raw), (.raw, .qcow2)])
  func anotherFormatIsARestartThatKeepsWhatIsOnTheDisk(before: DiskFormat, after: DiskFormat) throws {
    var (old, new) = (data(1), data(2))
    old.design.format = before
    new.design.format = after
    #expect(change(observed(old), old) == nil)
    let found = try #require(change(observed(old), new))
    #expect(found.verb == .update && found.disruption == .restart && found.obstacle == nil)
    #expect(
      found.reasons == [
        Reason("format", before: before.rawValue, after: after.rawValue), Reason("size", before: "1G", after: "2G"),
      ])
    // Its VM is down between the two; none of them deletes anything.
    #expect(found.tearDown.count == 1 && found.setUp.count == 1)
    for case let action in found.tearDown + found.setUp {
      #expect((action as? EnsureDisk)?.design == new.design)
    }
    #expect(change(observed(new), old)?.obstacle == .shrinks(from: "2G", to: "1G"))
  }

  @Test func whatHoldsSnapshotsDoesNotBecomeRaw() throws {
    var raw = data(1)
    raw.design.format = .raw
    var before = observed(data(1))
    before.disk.snapshotCount = 2
    #expect(change(before, raw)?.obstacle == .holdsSnapshots(2))
    #expect(change(before, data(1)) == nil)
  }

  @Test func nobodysFileIsWrittenOver() {
    var raw = data(1)
    raw.design.format = .raw
    var before = observed(data(1))
    before.disk.otherFile = .foreign
    #expect(change(before, raw)?.obstacle == .notOurs("the file web/data.raw"))
    #expect(change(before, data(1)) == nil)
    // What would be the disk once that is gone.
    #expect(change(before, data(1, fileSystem: "xfs"))?.obstacle == .notOurs("the file web/data.raw"))
    before.disk.otherFile = nil
    before.disk.content = nil
    #expect(change(before, raw)?.obstacle == .notOurs("the file web/data.qcow2"))
  }

  @Test func whatAKilledConversionLeftGoes() throws {
    var before = observed(data(1))
    before.disk.otherFile = .remains
    let found = try #require(change(before, data(1)))
    #expect(found.disruption == .live && found.tearDown.isEmpty && found.setUp.count == 1)
  }

  @Test func aLostMarkIsMendedWithoutTouchingTheDisk() throws {
    let image = image([:])
    var before = observed(root(image), on: image)
    before.disk.content = nil
    let found = try #require(change(before, root(image)))
    #expect(found.verb == .update && found.disruption == .live)
  }

  @Test func protectionIsTakenOverLive() {
    #expect(change(observed(data(1)), data(1, protect: true))?.disruption == .live)
  }

  @Test func whatLeavesTheManifest() {
    let image = image([:])
    #expect(Disk.reasonToKeep(observed(root(image), on: image)) == nil)
    #expect(Disk.reasonToKeep(observed(root(image, protect: true), on: image)) == .isProtected)
    #expect(Disk.reasonToKeep(observed(data(1))) == .dataDisk)
    #expect(Disk.reasonToKeep(observed(data(1, protect: true))) == .isProtected)
    #expect(change(observed(root(image), on: image), nil)?.disruption == .rebuild)
    #expect(change(observed(data(1)), nil)?.disruption == .dataLoss)
    var unmarked = observed(data(1))
    unmarked.disk.content = nil
    #expect(Disk.reasonToKeep(unmarked) == .dataDisk)
  }
}
