package import Host
package import Reconcile

/// The root file system of an installed distribution, in the store: a base that machines share, or packages on one.
package struct Rootfs: BuiltResource {
  package static let storeKind = StoreKind.rootfs
  package let recipe: Recipe
  package let dependencies: Set<ResourceAddress>

  /// The beginning of its name, and of the names of its images.
  let label: String
  /// What its programs run on.
  let arch: String
  package let obstacle: Change.Obstacle?

  /// The distribution with what every root file system of meros has.
  /// - Parameters:
  ///   - locked: as in `RootfsSource`.
  ///   - obstacle: why programs of the architecture do not run here.
  package init(baseOf source: PackageSource, locked: [LockedPackage]? = nil, obstacle: Change.Obstacle? = nil) {
    var inputs = source.inputs
    inputs["base packages"] = BuilderSchema.basePackages(of: source.distribution).joined(separator: " ")
    inputs["rootfs builder"] = "\(BuilderSchema.rootfs)"
    inputs.merge(locked.inputs) { own, _ in own }
    recipe = Recipe(
      label: source.label, inputs: inputs, hidden: locked.hiddenInputs,
      source: .rootfs(RootfsSource(from: source, locked: locked)))
    dependencies = []
    label = source.label
    arch = source.arch
    self.obstacle = obstacle
  }

  /// `packages` on the base of the same source; their order does not count.
  package init(
    from source: PackageSource, packages: [String], on base: Rootfs, locked: [LockedPackage]? = nil
  ) {
    let packages = Set(packages).sorted()
    var inputs = base.recipe.inputs
    inputs["packages"] = packages.joined(separator: " ")
    inputs.merge(locked.inputs) { _, own in own }
    recipe = Recipe(
      label: base.label, inputs: inputs,
      hidden: locked.hiddenInputs.merging(["base": base.recipe.fingerprint.text]) { own, _ in own },
      source: .rootfs(RootfsSource(from: source, base: base.name, packages: packages, locked: locked)))
    dependencies = [base.address]
    label = base.label
    arch = base.arch
    obstacle = base.obstacle
  }

  /// The layers of a root file system, the base first; images are made of the last.
  package static func layers(
    from source: PackageSource, packages: [String], locked: LockedLayers = LockedLayers(),
    obstacle: Change.Obstacle? = nil
  ) -> [Rootfs] {
    let base = Rootfs(baseOf: source, locked: locked.base, obstacle: obstacle)
    guard isLayer(packages, of: source.distribution) else { return [base] }
    return [base, Rootfs(from: source, packages: packages, on: base, locked: locked.added)]
  }

  /// The packages are more than every root file system of the distribution has.
  static func isLayer(_ packages: [String], of distribution: String) -> Bool {
    let known = BuilderSchema.basePackages(of: distribution)
    return packages.contains { !known.contains($0) }
  }

  /// What the packages of each layer are locked to, as in `RootfsSource`.
  package struct LockedLayers: Sendable {
    package var base: [LockedPackage]?
    package var added: [LockedPackage]?

    package init(base: [LockedPackage]? = nil, added: [LockedPackage]? = nil) {
      self.base = base
      self.added = added
    }
  }
}

extension [LockedPackage]? {
  /// By what a person would call them: their versions.
  var inputs: [String: String] {
    [String: String]((self ?? []).map { (Recipe.input(package: $0.name), $0.version) }) { first, _ in first }
  }

  /// Of one version there may be two files.
  var hiddenInputs: [String: String] {
    guard let packages = self else { return [:] }
    let digests = [String: String](packages.map { ($0.name, $0.identity.text) }) { first, _ in first }
    return ["package files": Fingerprint(of: digests).text]
  }
}
