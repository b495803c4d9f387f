import Glibc
import Host
import SystemPackage

/// A disk and what it stands on.
enum DiskChain {
  private static let deepest = 16

  /// The disk, then what it stands on, each below what it is written as.
  ///
  /// QEMU writes the disk, so the name of its backing file may be what a guest that broke out made of it: only files
  /// below `store` are followed. Throws `missing` for a file that is gone and `malformed` for what is no such disk.
  static func layers(of disk: DiskFile, below store: FilePath) throws(HostError) -> [FilePath] {
    var layers = [disk.path]
    var path = disk.path
    while let backing = try QCOW2Header.read(path.string, as: layers.count == 1 ? disk.format : .qcow2).backingFile {
      path = path.removingLastComponent().pushing(FilePath(backing)).lexicallyNormalized()
      guard path.starts(with: store), layers.count < deepest else {
        throw HostError("open disk \(disk.path)", .malformed("\(disk.path)", "stands on \(backing)"))
      }
      layers.append(path)
    }
    return layers
  }

  /// Opens the disk for writing and each backing file for reading, the disk first, and hands them over.
  static func open(
    _ disk: DiskFile, below store: FilePath, _ handover: inout Handover
  ) throws(HostError) -> [Int] {
    var numbers: [Int] = []
    for path in try layers(of: disk, below: store) {
      numbers.append(handover.give(try open(path, numbers.isEmpty ? O_RDWR : O_RDONLY)))
    }
    return numbers
  }

  /// Opens a file that a disk consists of; never through a link in the last place.
  static func open(_ path: FilePath, _ access: Int32) throws(HostError) -> Int32 {
    let descriptor = unsafe path.withPlatformString { unsafe Glibc.open($0, access | O_CLOEXEC | O_NOFOLLOW) }
    guard descriptor >= 0 else {
      throw HostError("open disk \(path)", errno == ENOENT ? .missing("\(path)") : .lastCall("open"))
    }
    return descriptor
  }
}

extension DataDirectory {
  /// The file of the machine's disk.
  func file(of disk: MachineDesign.Disk, _ scope: Scope) -> DiskFile {
    diskFile(disk.name, of: scope.constellation, disk.format)
  }
}
