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
  /// - Parameter obstacle: why programs of the architecture do not run here.
  package init(baseOf source: PackageSource, obstacle: Change.Obstacle? = nil) {
    var inputs = source.inputs
    inputs["base packages"] = BuilderSchema.basePackages(of: source.distribution).joined(separator: " ")
    inputs["rootfs builder"] = "\(BuilderSchema.rootfs)"
    recipe = Recipe(label: source.label, inputs: inputs, source: .rootfs(RootfsSource(from: source)))
    dependencies = []
    label = source.label
    arch = source.arch
    self.obstacle = obstacle
  }

  /// `packages` on the base of the same source; their order does not count.
  package init(from source: PackageSource, packages: [String], on base: Rootfs) {
    let packages = Set(packages).sorted()
    var inputs = base.recipe.inputs
    inputs["packages"] = packages.joined(separator: " ")
    recipe = Recipe(
      label: base.label, inputs: inputs, hidden: ["base": base.recipe.fingerprint.text],
      source: .rootfs(RootfsSource(from: source, base: base.name, packages: packages)))
    dependencies = [base.address]
    label = base.label
    arch = base.arch
    obstacle = base.obstacle
  }

  /// The layers of a root file system, the base first; images are made of the last.
  package static func layers(
    from source: PackageSource, packages: [String], obstacle: Change.Obstacle? = nil
  ) -> [Rootfs] {
    let base = Rootfs(baseOf: source, obstacle: obstacle)
    let known = BuilderSchema.basePackages(of: source.distribution)
    guard packages.contains(where: { !known.contains($0) }) else { return [base] }
    return [base, Rootfs(from: source, packages: packages, on: base)]
  }
}
