package import Host
package import Reconcile

/// The root file system of an installed distribution, in the store.
package struct Rootfs: BuiltResource {
  package static let storeKind = StoreKind.rootfs
  package let recipe: Recipe
  package var dependencies: Set<ResourceAddress> { [] }

  /// `packages` besides what every root file system of meros has; their order does not count.
  package init(from source: PackageSource, packages: [String]) {
    let packages = Set(packages).sorted()
    var inputs = source.inputs
    inputs["packages"] = packages.joined(separator: " ")
    inputs["base packages"] = BuilderSchema.basePackages.joined(separator: " ")
    inputs["rootfs builder"] = "\(BuilderSchema.rootfs)"
    recipe = Recipe(
      label: source.label, inputs: inputs, source: .rootfs(RootfsSource(from: source, packages: packages)))
    label = source.label
  }

  /// The beginning of its name, and of the names of its images.
  let label: String
}
