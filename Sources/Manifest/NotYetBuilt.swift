package import Diagnostics

/// What manifests may say and a version of meros may not do yet.
package enum Feature: String, CaseIterable, Sendable {
  case loaders, limits, displays, rawDisks

  /// What this version cannot do. Building one of them begins with taking it out here.
  package static let notYetBuilt = Set(allCases)
}

extension Manifest {
  /// What it asks for of the features that are not built, each with its place, as errors.
  package func notYetBuilt(_ missing: Set<Feature> = Feature.notYetBuilt) -> Diagnostics {
    var found = Diagnostics()
    for use in uses where missing.contains(use.feature) {
      found.error(
        "\(use.what) is not built yet", at: use.location, remedy: "leave it out until a later version of meros")
    }
    return found
  }

  private struct Use {
    var feature: Feature
    /// As it is written.
    var what: String
    var location: SourceLocation

    init(_ feature: Feature, _ what: String, at location: SourceLocation) {
      self.feature = feature
      self.what = what
      self.location = location
    }
  }

  private var uses: [Use] {
    virtualMachines.flatMap(uses)
  }

  private func uses(_ machine: VirtualMachineSpec) -> [Use] {
    var found: [Use] = []
    var isBuilt = false
    switch machine.root {
    case .built: isBuilt = true
    case .image, .own: break
    }
    // Images that are built have no loader.
    if isBuilt, let boot = machine.boot, boot.value != .kernel {
      found.append(Use(.loaders, "boot: \(boot.value.rawValue)", at: boot.location))
    }
    if let limits = machine.limits { found.append(Use(.limits, "limits", at: limits.location)) }
    if machine.display.value != .none {
      found.append(Use(.displays, "display", at: machine.display.location))
    }
    for disk in machine.disks where disk.format.value == .raw {
      found.append(Use(.rawDisks, "format: raw", at: disk.format.location))
    }
    return found
  }
}
