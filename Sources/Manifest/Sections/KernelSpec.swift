package import Diagnostics

/// A kernel that virtual machines may name.
package struct KernelSpec: Equatable, Sendable {
  package var name: Located<String>
  package var source: Source

  package init(_ name: Located<String>, _ source: Source) {
    self.name = name
    self.source = source
  }

  /// Linus's tree.
  package static let usualRepository = "https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git"

  package enum Source: Equatable, Sendable {
    /// Built from a git repository: any URL or path (nil: Linus's tree), a branch, tag or commit, and fragments over meros's
    /// own configuration.
    case git(url: Located<String>?, ref: Located<String>, config: [Located<String>])
    /// The packaged kernel of a distribution; nil: of the VM's own.
    case distribution(DistributionSpec?)
    /// A kernel image given as a file.
    case file(Located<String>)
  }
}

/// Which kernel a virtual machine boots.
package enum KernelChoice: Equatable, Sendable {
  /// One of `kernels`; it exists.
  case named(String)
  /// The path of a kernel image.
  case file(String)
}
