import Glibc
import Host
import SystemPackage

/// A qcow2 disk and what it stands on, opened for QEMU.
enum DiskChain {
  private static let deepest = 16

  /// Opens the disk for writing and each backing file for reading, the disk first, and hands them over.
  ///
  /// QEMU writes the disk, so the name of its backing file may be what a guest that broke out made of it: only files
  /// below `store` are followed. Throws `missing` for a file that is gone and `malformed` for what is no such disk.
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
        throw HostError("open disk \(path)", errno == ENOENT ? .missing("\(path)") : .lastCall("open"))
      }
      numbers.append(handover.give(descriptor))
      guard let backing = try QCOW2Header.read(path.string).backingFile else { return numbers }
      path = path.removingLastComponent().pushing(FilePath(backing)).lexicallyNormalized()
      guard path.starts(with: store), numbers.count < deepest else {
        throw HostError("open disk \(disk)", .malformed("\(disk)", "stands on \(backing)"))
      }
    }
  }
}
