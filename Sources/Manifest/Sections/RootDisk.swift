package import Diagnostics
package import Network

/// What a VM's root disk is made of.
package enum RootDisk: Equatable, Sendable {
  /// An image that is built from a distribution.
  case built(DistributionSpec)
  /// The image at this path, cloned and configured: `use`.
  case image(Located<String>)
  /// The VM's own disk, blank at first; it boots what is on it. The old form of `disks` without a distribution.
  case own(OwnDisk)

  package struct OwnDisk: Equatable, Sendable {
    /// The old label without `.qcow2` or `.raw`.
    package var label: Located<String>
    package var size: Located<ByteCount>
    package var format: DiskSpec.Format
  }
}

/// A distribution to build from.
package struct DistributionSpec: Equatable, Sendable {
  package var distribution: Located<Distribution>
  /// The distribution's usual one where nobody wrote it.
  package var release: Located<String>
  /// nil: what the building tool itself takes.
  package var mirror: Located<String>?
  /// Empty: the tool's own.
  package var components: [Located<String>]
  /// Full lines besides the mirror.
  package var sources: [Located<String>]

  package enum Distribution: String, CaseIterable, Sendable {
    case debian, alpine, ubuntu

    package var usualRelease: String {
      switch self {
      case .debian: "bookworm"
      case .alpine: "3.20"
      case .ubuntu: "noble"
      }
    }
  }
}
