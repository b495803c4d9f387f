package import Host

/// A machine that runs everything, or lacks the same for every architecture; for its own, x86_64, only loaders.
package struct MemoryEmulators: Emulators {
  package var lacking: Emulation

  package init(_ lacking: Emulation = Emulation()) { self.lacking = lacking }

  package func emulation(of arch: String) async -> Emulation {
    arch == "x86_64" ? Emulation(missingForLoaders: lacking.missingForLoaders) : lacking
  }
}
