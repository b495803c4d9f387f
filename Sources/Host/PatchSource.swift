package import Network

/// An entry with `image.qcow2`, a copy of somebody's disk image with files and hooks worked into it, and `firmware`: the
/// word `efi` or `bios`, what its own loader is made for; also with `volume`, `VG/LV`, where its root is a logical volume.
package struct PatchSource: Hashable, Sendable {
  /// The image that it is made of, qcow2 or raw, absolute path; it is only read.
  package var base: String
  /// What its programs, and so hooks, run on: x86_64 | aarch64 | riscv64
  package var arch: String
  /// `includes.chroot` folders, absolute paths, the later over the earlier.
  package var includes: [String]
  /// Hooks in the order in which they run, absolute paths.
  package var hooks: [String]
  package var hooksReachNetwork: Bool
  /// The size that the disk is grown to, with its root file system; nil: it keeps its own.
  package var size: ByteCount?

  package init(
    base: String, arch: String, includes: [String], hooks: [String], hooksReachNetwork: Bool, size: ByteCount?
  ) {
    self.base = base
    self.arch = arch
    self.includes = includes
    self.hooks = hooks
    self.hooksReachNetwork = hooksReachNetwork
    self.size = size
  }
}
