import Host
import Network
import SystemPackage

extension LinuxDisks {
  /// Makes the file of a new disk, in the folder where the disk will be.
  func create(_ design: DiskDesign, at place: FilePath, _ attempted: String) async throws(HostError) {
    switch design.content {
    case .overlay(let image):
      let base = data.entry(.image, image).appending(StoreKind.image.mainFile)
      guard base.exists else { throw HostError(attempted, .missing("store entry image.\(image)")) }
      let options = ["create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", relative(base, to: place), place.string]
      try await Program("qemu-img", options + (design.size.map { [String($0.bytes)] } ?? [])).run(attempted)
    case .own:
      try await Program("qemu-img", ["create", "-q", "-f", "qcow2", place.string, String(try size(design, attempted))])
        .run(attempted)
    case .data(let fileSystem, let label):
      try await createData(fileSystem, label: label, size: try size(design, attempted), at: place, attempted)
    }
  }

  private func size(_ design: DiskDesign, _ attempted: String) throws(HostError) -> UInt64 {
    guard let size = design.size, size.bytes > 0 else {
      throw HostError(attempted, .malformed("disk \(design.name)", "it has no size"))
    }
    return size.bytes
  }

  /// The data directory may move: a disk names its image by the way from one to the other.
  private func relative(_ base: FilePath, to disk: FilePath) -> String {
    var up = disk.removingLastComponent()
    var steps = ""
    while up != data.root, up.removeLastComponent() { steps += "../" }
    var below = base
    _ = below.removePrefix(data.root)
    return steps + below.string
  }

  private func createData(
    _ fileSystem: String?, label: String, size: UInt64, at place: FilePath, _ attempted: String
  ) async throws(HostError) {
    guard let fileSystem else {
      try await Program("qemu-img", ["create", "-q", "-f", "qcow2", place.string, String(size)]).run(attempted)
      return
    }
    let raw = FilePath("\(place).raw")
    let command = try Self.format(fileSystem, label: label, raw, attempted)
    do throws(HostError) {
      try raw.unlink()
      try raw.makeSparse(size, attempted)
      try await command.run(attempted)
      try await Program("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", raw.string, place.string]).run(attempted)
    } catch {
      raw.unlinkQuietly()
      throw error
    }
    try raw.unlink()
  }

  /// The program that makes the file system; labels are cut to what it can hold.
  private static func format(
    _ fileSystem: String, label: String, _ raw: FilePath, _ attempted: String
  ) throws(HostError) -> Program {
    func short(_ length: Int) -> String { String(decoding: label.utf8.prefix(length), as: UTF8.self) }
    switch fileSystem {
    case "ext2", "ext3", "ext4":
      return Program(
        "mke2fs",
        ["-q", "-t", fileSystem, "-m", "0", "-E", "root_owner=0:0,lazy_itable_init=1", "-L", short(16), raw.string])
    case "xfs": return Program("mkfs.xfs", ["-q", "-f", "-L", short(12), raw.string])
    case "btrfs": return Program("mkfs.btrfs", ["-q", "-f", "-L", short(255), raw.string])
    case "vfat": return Program("mkfs.vfat", ["-n", short(11).uppercased(), raw.string])
    default: throw HostError(attempted, .unsupported("the file system \(fileSystem)"))
    }
  }
}

extension FilePath {
  /// Makes an empty file of this size that takes no room.
  func makeSparse(_ size: UInt64, _ attempted: String) throws(HostError) {
    do {
      let file = try FileDescriptor.open(
        self, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: [.ownerReadWrite])
      try file.closeAfter { try file.resize(to: Int64(clamping: size)) }
    } catch {
      throw HostError(attempted, .system(errno: error.number, call: "ftruncate"))
    }
  }
}
