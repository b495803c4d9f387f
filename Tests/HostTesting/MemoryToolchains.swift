package import Host

/// One compiler for all architectures, or none.
package struct MemoryToolchains: Toolchains {
  package var toolchain: Toolchain

  package init(_ toolchain: Toolchain = Toolchain(compiler: "gcc-12 0123456789ab", linker: "ld 0123456789ab")) {
    self.toolchain = toolchain
  }

  package func toolchain(for arch: String) async throws(HostError) -> Toolchain { toolchain }
}
