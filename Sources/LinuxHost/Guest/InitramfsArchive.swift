import Network

/// A cpio archive as Linux unpacks it at boot (its Documentation/driver-api/early-userspace/buffer-format.rst).
enum InitramfsArchive {
  /// An archive of one file, which root alone may read.
  static func holding(_ bytes: [UInt8], as name: String) -> [UInt8] {
    entry(name, bytes, mode: 0o100600) + entry("TRAILER!!!", [], mode: 0)
  }

  private static func entry(_ name: String, _ bytes: [UInt8], mode: Int) -> [UInt8] {
    // ino, mode, uid, gid, nlink, mtime, filesize, four numbers of devices, namesize, check
    let fields = [0, mode, 0, 0, 1, 0, bytes.count, 0, 0, 0, 0, name.utf8.count + 1, 0]
    let numbers = fields.map { hexadecimal(UInt32($0), digits: 8) }.joined()
    let head = Array("070701\(numbers)\(name)".utf8) + [0]
    return padded(head) + padded(bytes)
  }

  private static func padded(_ bytes: [UInt8]) -> [UInt8] { bytes + [UInt8](repeating: 0, count: -bytes.count & 3) }
}
