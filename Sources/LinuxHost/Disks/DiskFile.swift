package import Host
package import SystemPackage

/// Where a disk lies, and what that file is.
package struct DiskFile: Equatable, Sendable {
  package var path: FilePath
  package var format: DiskFormat

  func header() throws(HostError) -> QCOW2Header { try QCOW2Header.read(path.string, as: format) }
}

extension DiskFormat {
  /// What the names of such files end in.
  package var ending: String {
    switch self {
    case .qcow2: ".qcow2"
    case .raw: ".raw"
    }
  }

  /// Which of the files of a disk is the disk: of two the one that its mark says. nil without any. Throws `malformed`
  /// where two are there and no mark can be read.
  static func choose(_ name: String, among found: [DiskFormat], _ mark: DiskMark?) throws(HostError) -> DiskFormat? {
    guard found.count > 1 else { return found.first }
    guard let mark else {
      let files = found.map { name + $0.ending }.joined(separator: " and ")
      throw HostError(
        "look at disk \(name)",
        .malformed("disk \(name)", "\(files) are both there, and no mark says which of them it is; move one away"))
    }
    return mark.format
  }
}

extension DataDirectory {
  /// `disks/CONSTELLATION/NAME.qcow2`, or `NAME.raw`; the name of a data disk has a folder in it.
  package func disk(_ name: String, of constellation: String, _ format: DiskFormat = .qcow2) -> FilePath {
    disks(constellation).pushing(FilePath(name + format.ending))
  }

  func diskFile(_ name: String, of constellation: String, _ format: DiskFormat) -> DiskFile {
    DiskFile(path: disk(name, of: constellation, format), format: format)
  }
}
