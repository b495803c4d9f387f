import Diagnostics

/// What is asked of a distribution at once: it has one set of packages in the lock file.
package struct PackageGroup: Hashable, Sendable {
  package var distribution: DistributionSpec.Distribution
  package var release: String
  package var arch: VirtualMachineSpec.Architecture
  package var mirror: String?
  package var components: [String]
  package var sources: [String]
  /// Paths as they were written.
  package var keys: [String]
  package var selection: Selection

  package enum Selection: Hashable, Sendable {
    /// What every root file system has.
    case base
    /// These besides, sorted, each once; never empty.
    case added([String])
    /// The packaged kernel.
    case kernel
  }

  /// In one line: "debian bookworm x86_64 with curl nginx", and where packages come from when that is not the usual place.
  package var name: String {
    var words = [distribution.rawValue, release, arch.rawValue] + [mirror].compactMap(\.self) + components
    words += sources.map { "(\($0))" }
    switch selection {
    case .base: break
    case .added(let packages): words += ["with"] + packages
    case .kernel: words.append("kernel")
    }
    return words.joined(separator: " ")
  }
}

extension DistributionSpec {
  /// nil where nobody knows whom to ask.
  package func group(
    _ selection: PackageGroup.Selection, arch: VirtualMachineSpec.Architecture
  ) -> PackageGroup? {
    // Without a mirror there is nobody to ask, which is told elsewhere.
    guard distribution.value != .alpine || mirror != nil else { return nil }
    return PackageGroup(
      distribution: distribution.value, release: release.value, arch: arch, mirror: mirror?.value,
      components: components.map(\.value), sources: sources.map(\.value), keys: keys.map(\.value),
      selection: selection)
  }
}

extension VirtualMachineSpec {
  /// What is asked for its root file system, the base first.
  package func rootGroups(of distribution: DistributionSpec) -> [PackageGroup] {
    let added = packages.isEmpty ? nil : PackageGroup.Selection.added(Set(packages.map(\.value)).sorted())
    return [.base, added].compactMap { selection in selection.flatMap { distribution.group($0, arch: arch.value) } }
  }
}
