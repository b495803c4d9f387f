package import Diagnostics

/// What manifests may say and a version of meros may not do yet.
package enum Feature: String, CaseIterable, Sendable {
  case loaders

  /// What this version cannot do. Building one of them begins with taking it out here.
  package static let notYetBuilt = Set(allCases)
}

extension Manifest {
  /// What it asks for of the features that are not built, each with its place, as errors.
  package func notYetBuilt(_ missing: Set<Feature> = Feature.notYetBuilt) -> Diagnostics {
    var found = Diagnostics()
    for use in uses where missing.contains(use.feature) {
      found.error("\(use.what) is not built yet", at: use.location, remedy: use.remedy)
    }
    return found
  }

  private struct Use {
    var feature: Feature
    /// As it is written.
    var what: String
    var location: SourceLocation
    var remedy: String

    init(
      _ feature: Feature, _ what: String, at location: SourceLocation,
      remedy: String = "leave it out until a later version of meros"
    ) {
      self.feature = feature
      self.what = what
      self.location = location
      self.remedy = remedy
    }
  }

  private var uses: [Use] {
    virtualMachines.flatMap(uses)
  }

  private func uses(_ machine: VirtualMachineSpec) -> [Use] {
    var found: [Use] = []
    if machine.root.isBuilt, let boot = machine.boot {
      switch (boot.value, machine.arch.value) {
      case (.kernel, _), (.bios, _), (.efi, .x86): break
      case (.efi, let arch):
        found.append(
          Use(
            .loaders, "boot: efi of a built image for \(arch.rawValue)", at: boot.location,
            remedy: "leave it out: QEMU loads the kernel then"))
      }
    }
    return found
  }
}
