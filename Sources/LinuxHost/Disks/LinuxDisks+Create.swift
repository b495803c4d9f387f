import Glibc
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
    case .own, .data(nil, _):
      let options = ["create", "-q", "-f", design.format.rawValue, place.string, String(try size(design, attempted))]
      try await Program("qemu-img", options).run(attempted)
    case .data(let fileSystem?, let label):
      let size = try size(design, attempted)
      switch design.format {
      case .qcow2: try await createFormatted(fileSystem, label: label, size: size, at: place, attempted)
      case .raw: try await createRaw(fileSystem, label: label, size: size, at: place, attempted)
      }
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

  private func createRaw(
    _ fileSystem: String, label: String, size: UInt64, at place: FilePath, _ attempted: String
  ) async throws(HostError) {
    let command = try Self.format(fileSystem, label: label, place, attempted)
    try place.makeSparse(size, attempted)
    try await command.run(attempted)
  }

  private func createFormatted(
    _ fileSystem: String, label: String, size: UInt64, at place: FilePath, _ attempted: String
  ) async throws(HostError) {
    let raw = FilePath("\(place).raw")
    do throws(HostError) {
      try raw.unlink()
      try await createRaw(fileSystem, label: label, size: size, at: raw, attempted)
      try await Program("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", raw.string, place.string]).run(attempted)
    } catch {
      raw.unlinkQuietly()
      throw error
    }
    try raw.unlink()
  }

  /// Writes what is on a disk into a file of the other format; what was read stays as it is. Whoever has it open is in the
  /// way. Only a disk that holds everything itself is taken: a guest that broke out may have written what it stands on.
  func convert(_ disk: DiskFile, to place: DiskFile, _ name: String) async throws(HostError) {
    let attempted = "convert disk \(name) to \(place.format.rawValue)"
    if disk.format == .qcow2, try BaseImage.look(at: disk.path, attempted).format != .qcow2 {
      throw HostError(attempted, .malformed("\(disk.path)", "not qcow2"))
    }
    let size = try disk.header().size
    switch place.format {
    case .raw: try place.path.makeSparse(size, attempted)
    case .qcow2:
      try await Program("qemu-img", ["create", "-q", "-f", "qcow2", place.path.string, String(size)]).run(attempted)
    }
    let program = Program(
      "qemu-img",
      [
        "convert", "-n", "--target-is-zero", "-t", "writeback", "-f", disk.format.rawValue, "-O", place.format.rawValue,
        disk.path.string, place.path.string,
      ])
    // What was read is deleted once this is done, so it must be on the host's disk by then. qemu-img may succeed where
    // writing did not: it only says so, and the kernel tells each that had the file open then.
    let target = try Self.open(place.path, attempted)
    defer { try? target.close() }
    let result = try await program.run(attempted)
    guard result.lastLines.isEmpty else {
      let failure = ProgramFailure(
        command: ["qemu-img", "convert"], termination: result.termination, lastLines: result.lastLines)
      throw HostError(attempted, .program(failure))
    }
    guard fsync(target.rawValue) == 0 else { throw HostError(attempted, .lastCall("fsync")) }
  }

  private static func open(_ file: FilePath, _ attempted: String) throws(HostError) -> FileDescriptor {
    do {
      return try FileDescriptor.open(file, .writeOnly, options: [.closeOnExec, .noFollow])
    } catch {
      throw HostError(attempted, .system(errno: error.number, call: "open"))
    }
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
