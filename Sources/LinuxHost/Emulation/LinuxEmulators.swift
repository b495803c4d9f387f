package import Host

/// Looks where programs are and at what the kernel says, and runs nothing.
package struct LinuxEmulators: Emulators {
  package init() {}

  package func emulation(of arch: String) async -> Emulation {
    // Lacking programs are what is told.
    let hasMachines = (try? LinuxMachines.program("qemu-system-\(arch)", "")) != nil
    var found = Emulation(missingForMachines: hasMachines ? [] : ["qemu-system-\(arch)"])
    for firmware in Firmware.allCases {
      guard let loader = BootLoader(firmware, arch: arch) else { continue }
      found.missingForLoaders[firmware] = loader.missing
    }
    if (try? Firmware.files(arch: arch, "")) == nil { found.missingForLoaders[.efi]?.append("OVMF_CODE.fd") }
    guard arch != machineArchitecture else { return found }
    if Interpreter.hasOwnHandlers {
      if (try? Interpreter.emulator(of: arch, "")) == nil { found.missingForBuilds = ["qemu-\(arch)-static"] }
    } else {
      found.isKnownToKernel = Interpreter.isKnownToAll(arch)
    }
    return found
  }
}
