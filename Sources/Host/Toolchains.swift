/// Looks at what compiles kernels on this machine.
package protocol Toolchains: Sendable {
  /// - Parameter arch: of the kernel: x86_64, aarch64, riscv64.
  func toolchain(for arch: String) async throws(HostError) -> Toolchain
}

/// What compiles kernels of an architecture: part of what they are made of.
package struct Toolchain: Hashable, Sendable {
  /// The compiler's own name, links followed, and the beginning of its digest: "x86_64-linux-gnu-gcc-12 1a2b3c4d5e6f".
  /// nil where it is not installed.
  package var compiler: String?
  /// Likewise.
  package var linker: String?
  /// The programs that are not installed, sorted.
  package var missing: [String]

  package init(compiler: String?, linker: String?, missing: [String] = []) {
    self.compiler = compiler
    self.linker = linker
    self.missing = missing
  }
}
