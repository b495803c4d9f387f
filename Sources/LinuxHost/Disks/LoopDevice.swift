import Glibc
import Host
import SystemPackage

/// Block devices that the kernel makes of files (losetup): whoever reads or writes one has the file open nowhere.
enum LoopDevice {
  /// Those of the file, "/dev/loop0", in the order of their names.
  static func all(of file: FilePath, in folder: FilePath = "/sys/block") throws(HostError) -> [String] {
    guard let wanted = try? file.stat() else { return [] }
    var found: [String] = []
    for name in try folder.folderEntries().map(\.string) where name.hasPrefix("loop") {
      // One that is free has no such file, and one of a deleted file, or of one that only others see, names none of ours.
      guard let bytes = try? folder.appending(name).pushing("loop/backing_file").contentsIfPresent(limit: 1 << 14),
        let line = bytes.split(separator: UInt8(ascii: "\n")).first,
        let backing = try? FilePath(String(decoding: line, as: UTF8.self)).stat(),
        backing.deviceID == wanted.deviceID, backing.inode == wanted.inode
      else { continue }
      found.append("/dev/\(name)")
    }
    return found
  }
}
