import Glibc
import Host

/// What a disk's file says of itself, read without a process: a qcow2 image in its first bytes (docs/interop/qcow2.txt in
/// QEMU).
struct QCOW2Header: Equatable {
  /// The size that the guest sees, in bytes.
  var size: UInt64
  /// The backing file as it is written, relative to the image's folder; nil when it stands on nothing.
  var backingFile: String?
  /// How many snapshots it holds.
  var snapshotCount = 0

  /// The name of the backing file must end within so many bytes: QEMU writes it right behind the header.
  private static let longest = 4096

  /// Of a raw file nothing is read but its length: what is in it is the guest's.
  static func read(_ path: String, as format: DiskFormat) throws(HostError) -> QCOW2Header {
    switch format {
    case .qcow2: return try read(path)
    case .raw:
      var status = stat()
      guard unsafe lstat(path, &status) == 0 else {
        throw HostError("read disk \(path)", errno == ENOENT ? .missing(path) : .lastCall("lstat"))
      }
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw HostError("read disk \(path)", .malformed(path, "not a file"))
      }
      return QCOW2Header(size: UInt64(clamping: status.st_size), backingFile: nil)
    }
  }

  /// Throws `missing` where there is no such file, and `malformed` for what is no qcow2 image.
  static func read(_ path: String) throws(HostError) -> QCOW2Header {
    func malformed(_ what: String) -> HostError { HostError("read disk \(path)", .malformed(path, what)) }
    guard var start = try SmallFile.read(path, limit: 1024) else {
      throw HostError("read disk \(path)", .missing(path))
    }
    guard start.count >= 72, start.starts(with: [0x51, 0x46, 0x49, 0xfb]), [2, 3].contains(number(start[4..<8])) else {
      throw malformed("not qcow2")
    }
    let (offset, length, size) = (number(start[8..<16]), number(start[16..<20]), number(start[24..<32]))
    let snapshots = Int(number(start[60..<64]))
    guard offset > 0 else { return QCOW2Header(size: size, backingFile: nil, snapshotCount: snapshots) }
    guard offset <= longest, length <= 1023, offset + length <= longest else {
      throw malformed("the name of its backing file is too far behind")
    }
    let (begin, end) = (Int(offset), Int(offset + length))
    if end > start.count { start = try SmallFile.read(path, limit: longest) ?? [] }
    guard end <= start.count else { throw malformed("the name of its backing file is not in it") }
    return QCOW2Header(
      size: size, backingFile: String(decoding: start[begin..<end], as: UTF8.self), snapshotCount: snapshots)
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
