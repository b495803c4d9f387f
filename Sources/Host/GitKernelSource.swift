/// A kernel that is compiled from a commit of a git repository.
package struct GitKernelSource: Hashable, Sendable {
  /// A URL or an absolute path.
  package var repository: String
  /// The name that was asked for: some servers give out no commit by its own name.
  package var ref: String
  /// In full.
  package var commit: String
  /// x86_64 | aarch64 | riscv64
  package var arch: String
  package var configuration: KernelConfiguration
  /// What the plan was made for.
  package var toolchain: Toolchain

  package init(
    repository: String, ref: String, commit: String, arch: String, configuration: KernelConfiguration,
    toolchain: Toolchain
  ) {
    self.repository = repository
    self.ref = ref
    self.commit = commit
    self.arch = arch
    self.configuration = configuration
    self.toolchain = toolchain
  }
}
