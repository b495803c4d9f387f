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

  /// Whose packages it is built from; nil for one that is not.
  package var distribution: DistributionSpec? {
    if case .built(let distribution) = self { distribution } else { nil }
  }

  /// meros makes it from packages, and so there is a kernel to go with it.
  package var isBuilt: Bool { distribution != nil }

  package struct OwnDisk: Equatable, Sendable {
    /// The old label without `.qcow2` or `.raw`.
    package var label: Located<String>
    package var size: Located<ByteCount>
    package var format: DiskSpec.Format
  }
}
