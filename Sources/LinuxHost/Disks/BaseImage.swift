import Host
import SystemPackage

/// Somebody's disk image, by its first bytes. Only what holds everything itself is taken: an image that names other files
/// could show a guest any file of the host, and its digest would not tell when they change.
struct BaseImage: Equatable {
  /// As QEMU calls it.
  enum Format: String {
    case qcow2, raw
  }

  var format: Format

  /// What it is. Throws `missing` where there is no such file, and `malformed` for what cannot be taken, with what to do.
  static func look(at path: FilePath, _ attempted: String) throws(HostError) -> BaseImage {
    func refused(_ why: String) -> HostError { HostError(attempted, .malformed("\(path)", why)) }
    guard let start = try SmallFile.read(path.string, limit: 1024) else {
      throw HostError(attempted, .missing("\(path)"))
    }
    if let other = otherFormat(start) {
      throw refused("a \(other) image: make a qcow2 image of it with qemu-img convert -O qcow2")
    }
    guard start.starts(with: [0x51, 0x46, 0x49, 0xfb]) else {
      guard start.count >= 512 else { throw refused("too small to be a disk") }
      return BaseImage(format: .raw)
    }
    let header = try QCOW2Header.read(path.string)
    if let backing = header.backingFile {
      throw refused("it stands on \(backing): make one image of both with qemu-img convert -O qcow2")
    }
    // docs/interop/qcow2.txt: version 3 has incompatible features at 72, of which bit 2 is an external data file.
    if start[7] >= 3, start.count >= 80, start[79] & 4 != 0 {
      throw refused("its data are in another file: make one image of both with qemu-img convert -O qcow2")
    }
    if start[32..<36].contains(where: { $0 != 0 }) {
      throw refused("it is encrypted: decrypt it with qemu-img convert -O qcow2")
    }
    return BaseImage(format: .qcow2)
  }

  /// Formats that QEMU knows and that begin with a word of their own.
  private static func otherFormat(_ start: [UInt8]) -> String? {
    let known: [(name: String, offset: Int, word: String)] = [
      ("vmdk", 0, "KDMV"), ("vmdk", 0, "COWD"), ("vmdk", 0, "# Disk DescriptorFile"), ("vhdx", 0, "vhdxfile"),
      ("vpc", 0, "conectix"), ("vdi", 64, "\u{7f}\u{10}"), ("qed", 0, "QED\0"), ("luks", 0, "LUKS"),
    ]
    return known.first { start.dropFirst($0.offset).starts(with: $0.word.utf8) }?.name
  }
}
