import Diagnostics
import Manifest
import SystemPackage

/// A disk image that VMs are made of, whatever their manifest says: `build --use`.
struct ImageChoice: Sendable {
  /// Absolute.
  var image: FilePath
  /// Empty: every VM.
  var machines: Set<String>

  /// The manifest with that image as `use` of these VMs. Where it said how they boot, that stays.
  func applied(to manifest: Manifest) -> Manifest {
    var manifest = manifest
    for index in manifest.virtualMachines.indices {
      let machine = manifest.virtualMachines[index]
      guard machines.isEmpty || machines.contains(machine.name.value) else { continue }
      manifest.virtualMachines[index].root = .image(Located(image.string, at: machine.name.location))
      if machine.kernel == nil, machine.boot?.value == .kernel { manifest.virtualMachines[index].boot = nil }
    }
    return manifest
  }
}
