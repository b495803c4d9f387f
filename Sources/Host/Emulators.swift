/// Looks at what runs an architecture on this machine.
package protocol Emulators: Sendable {
  /// - Parameter arch: x86_64, aarch64, riscv64.
  func emulation(of arch: String) async -> Emulation
}

/// What this machine lacks for an architecture.
package struct Emulation: Hashable, Sendable {
  /// The programs that run its machines and are not installed.
  package var missingForMachines: [String]
  /// The programs that run what is made for it, while root file systems are built, and are not installed. None for the
  /// machine's own.
  package var missingForBuilds: [String]
  /// What makes and boots images with a loader for the firmware and is not installed: programs, files by their names.
  package var missingForLoaders: [Firmware: [String]]
  /// The kernel hands programs of it to an emulator, or can be told to for a build alone.
  package var isKnownToKernel: Bool

  package init(
    missingForMachines: [String] = [], missingForBuilds: [String] = [],
    missingForLoaders: [Firmware: [String]] = [:], isKnownToKernel: Bool = true
  ) {
    self.missingForMachines = missingForMachines
    self.missingForBuilds = missingForBuilds
    self.missingForLoaders = missingForLoaders
    self.isKnownToKernel = isKnownToKernel
  }
}
