package import Diagnostics
package import Network

/// A data disk: outlives images.
package struct DiskSpec: Equatable, Sendable {
  /// Unique within its VM.
  package var label: Located<String>
  package var size: Located<ByteCount>
  /// nil: left blank.
  package var fileSystem: Located<FileSystem>?
  /// Where the guest mounts it, absolute; nil: nowhere.
  package var mountPoint: Located<String>?
  package var format: Located<Format>
  package var location: SourceLocation

  package enum FileSystem: String, CaseIterable, Sendable {
    case ext4, xfs, btrfs
  }

  package enum Format: String, CaseIterable, Sendable {
    case qcow2, raw
  }
}
