import Glibc
import Host
import SystemPackage

/// A qcow2 disk and what it stands on, opened for QEMU.
enum DiskChain {
  private static let deepest = 16

  /// Opens the disk for writing and each backing file for reading, the disk first, and hands them over.
  ///
  /// QEMU writes the disk, so the name of its backing file may be what a broken guest made of it: only files below
  /// `store` are followed. Throws `missing` for a file that is gone and `malformed` for what is no such disk.
  static func open(
    _ disk: FilePath, below store: FilePath, _ handover: inout Handover
  ) throws(HostError) -> [Int] {
    var numbers: [Int] = []
    var path = disk
    while true {
      let descriptor = unsafe path.withPlatformString {
        unsafe Glibc.open($0, (numbers.isEmpty ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW)
      }
      guard descriptor >= 0 else {
        let cause: HostError.Cause = errno == ENOENT ? .missing("\(path)") : .lastCall("open")
        throw HostError("open disk \(path)", cause)
      }
      numbers.append(handover.give(descriptor))
      guard let backing = try backingFile(descriptor, path) else { return numbers }
      path = path.removingLastComponent().pushing(FilePath(backing)).lexicallyNormalized()
      guard path.starts(with: store), numbers.count < deepest else {
        throw HostError("open disk \(disk)", .malformed("\(disk)", "stands on \(backing)"))
      }
    }
  }

  /// Reads the header of an image (docs/interop/qcow2.txt in QEMU); nil when it stands on nothing.
  private static func backingFile(_ descriptor: Int32, _ path: FilePath) throws(HostError) -> String? {
    let header = read(descriptor, at: 0, count: 20)
    guard header.count == 20, header.starts(with: [0x51, 0x46, 0x49, 0xfb]) else {
      throw HostError("open disk \(path)", .malformed("\(path)", "not qcow2"))
    }
    let offset = header[8..<16].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let length = header[16..<20].reduce(0) { $0 << 8 | Int($1) }
    if offset == 0 { return nil }
    let name = read(descriptor, at: Int64(clamping: offset), count: min(length, 1024))
    guard length <= 1023, name.count == length else {
      throw HostError("open disk \(path)", .malformed("\(path)", "the name of its backing file is not in it"))
    }
    return String(decoding: name, as: UTF8.self)
  }

  private static func read(_ descriptor: Int32, at offset: Int64, count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let length = unsafe pread(descriptor, &bytes, count, off_t(offset))
    return Array(bytes.prefix(max(length, 0)))
  }
}
