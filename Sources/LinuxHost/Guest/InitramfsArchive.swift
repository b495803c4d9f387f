/// A cpio archive as Linux unpacks it at boot (its Documentation/driver-api/early-userspace/buffer-format.rst).
enum InitramfsArchive {
  /// An archive of one file, which root alone may read.
  static func holding(_ bytes: [UInt8], as name: String) -> [UInt8] {
    entry(name, bytes, mode: 0o100600) + entry("TRAILER!!!", [], mode: 0)
  }

  private static func entry(_ name: String, _ bytes: [UInt8], mode: Int) -> [UInt8] {
    // ino, mode, uid, gid, nlink, mtime, filesize, four numbers of devices, namesize, check
    let fields = [0, mode, 0, 0, 1, 0, bytes.count, 0, 0, 0, 0, name.utf8.count + 1, 0]
    let head = Array("070701".utf8) + fields.flatMap { Array(hexadecimal($0).utf8) } + Array(name.utf8) + [0]
    return padded(head) + padded(bytes)
  }

  private static func padded(_ bytes: [UInt8]) -> [UInt8] { bytes + [UInt8](repeating: 0, count: -bytes.count & 3) }

  private static func hexadecimal(_ value: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, 8 - text.count)) + text
  }
}
