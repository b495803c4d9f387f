package import Host
package import Reconcile

/// A kernel with meros's initramfs, in the store.
package struct Kernel: BuiltResource {
  package static let storeKind = StoreKind.kernel
  package let recipe: Recipe
  package var dependencies: Set<ResourceAddress> { [] }

  /// The packaged kernel of a distribution.
  package init(from source: PackageSource) {
    var inputs = source.inputs
    inputs["builder"] = "\(BuilderSchema.kernel)"
    recipe = Recipe(label: source.label, inputs: inputs, source: .kernel(.distribution(source)))
  }

  /// A kernel image in a file, by its absolute path and the digest of its content.
  package init(file path: String, digest: String) {
    recipe = Recipe(
      label: Recipe.label(ofFile: path, else: "kernel"),
      inputs: ["kernel": digest, "builder": "\(BuilderSchema.kernel)"], source: .kernel(.file(path)))
  }
}
