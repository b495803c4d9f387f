import Glibc
import Host

/// A snapshot in the table of a qcow2 image (docs/interop/qcow2.txt in QEMU), read without a process. Tools that open an
/// image follow what it says, and a guest that broke out may have written what it likes: this follows nothing.
struct QCOW2Snapshot: Equatable {
  var name: String
  /// Since 1970.
  var second: Int64
  /// Bytes of the machine's memory and state.
  var stateSize: UInt64
  /// The size that the guest saw, in bytes; nil where an old QEMU wrote none.
  var diskSize: UInt64?

  /// QEMU makes no more.
  private static let most = 65536
  /// An entry that QEMU writes has less than a kilobyte.
  private static let longestEntry = 4096

  /// All of the image. Throws `missing` where there is no such file, and `malformed` for what is no qcow2 image.
  static func all(of path: String) throws(HostError) -> [QCOW2Snapshot] {
    let attempted = "read snapshots of disk \(path)"
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else {
      throw HostError(attempted, errno == ENOENT ? .missing(path) : .lastCall("open"))
    }
    defer { _ = close(file) }
    // QEMU writes a new table beside the old one and then its place into the header: who read the old one looks again.
    for _ in 1...10 {
      let header = try bytes(of: file, at: 0, count: 72, attempted)
      guard header.count == 72, header.starts(with: [0x51, 0x46, 0x49, 0xfb]) else {
        throw HostError(attempted, .malformed(path, "not qcow2"))
      }
      let count = Int(number(header[60..<64]))
      guard count <= most else { throw HostError(attempted, .malformed(path, "too many snapshots")) }
      let found = try table(of: file, at: number(header[64..<72]), count: count, attempted)
      if let found, try bytes(of: file, at: 60, count: 12, attempted) == Array(header[60..<72]) { return found }
    }
    throw HostError(attempted, .malformed(path, "its table of snapshots cannot be read"))
  }

  /// nil where it is no such table.
  private static func table(
    of file: Int32, at offset: UInt64, count: Int, _ attempted: String
  ) throws(HostError) -> [QCOW2Snapshot]? {
    var found: [QCOW2Snapshot] = []
    var place = offset
    for _ in 0..<count {
      let bytes = try bytes(of: file, at: place, count: longestEntry, attempted)
      guard let (snapshot, length) = QCOW2Snapshot.read(bytes) else { return nil }
      found.append(snapshot)
      // Each entry begins at a multiple of 8.
      place += UInt64((length + 7) & ~7)
    }
    return found
  }

  /// The entry that these bytes begin with, and its length; nil where they are none.
  private static func read(_ bytes: [UInt8]) -> (QCOW2Snapshot, length: Int)? {
    guard bytes.count >= 40 else { return nil }
    let (idLength, nameLength) = (Int(number(bytes[12..<14])), Int(number(bytes[14..<16])))
    let extraLength = Int(number(bytes[36..<40]))
    let name = 40 + extraLength + idLength
    guard extraLength <= 1024, name + nameLength <= bytes.count else { return nil }
    let snapshot = QCOW2Snapshot(
      name: String(decoding: bytes[name..<(name + nameLength)], as: UTF8.self),
      second: Int64(number(bytes[16..<20])),
      stateSize: extraLength >= 8 ? number(bytes[40..<48]) : number(bytes[32..<36]),
      diskSize: extraLength >= 16 ? number(bytes[48..<56]) : nil)
    return (snapshot, name + nameLength)
  }

  /// Fewer at the end of the file.
  private static func bytes(
    of file: Int32, at offset: UInt64, count: Int, _ attempted: String
  ) throws(HostError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard let place = off_t(exactly: offset) else { return [] }
    let length = unsafe pread(file, &bytes, count, place)
    guard length >= 0 else { throw HostError(attempted, .lastCall("pread")) }
    return Array(bytes[..<length])
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
