package import Host
package import Reconcile

/// A file system image in the store: a root file system, the files laid over it, and what hooks did.
package struct Image: BuiltResource {
  package static let storeKind = StoreKind.image
  package let recipe: Recipe
  package let dependencies: Set<ResourceAddress>

  /// Files that are laid over the root file system.
  package struct Layer: Hashable, Sendable {
    /// The folder's absolute path.
    package var path: String
    /// The digest of each entry by its path in the folder.
    package var tree: [String: String]

    package init(path: String, tree: [String: String]) {
      self.path = path
      self.tree = tree
    }
  }

  /// A program that runs in the image.
  package struct Hook: Hashable, Sendable {
    /// Absolute.
    package var path: String
    /// Of its content.
    package var digest: String

    package init(path: String, digest: String) {
      self.path = path
      self.digest = digest
    }

    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  }

  /// Of `layers` the later goes over the earlier. Hooks run in the order of their names; of two with the same name the
  /// later is taken.
  package init(
    of rootfs: Rootfs, layers: [Layer], hooks: [Hook], hooksReachNetwork: Bool, room: ImageSource.Room
  ) {
    let named = [String: Hook](hooks.map { ($0.name, $0) }) { _, later in later }
    let sorted = named.sorted { $0.key < $1.key }.map(\.value)
    var inputs = rootfs.recipe.inputs
    inputs["image builder"] = "\(BuilderSchema.image)"
    if !hooks.isEmpty { inputs["hooks_network"] = hooksReachNetwork ? "yes" : "no" }
    switch room {
    case .free(let room): inputs["build_free_mb"] = "\(room)"
    case .total(let size): inputs["disk_size"] = "\(size)"
    }
    for (path, digest) in layers.flatMap(\.tree) { inputs[Recipe.input(file: path)] = digest }
    for hook in sorted { inputs[Recipe.input(hook: hook.name)] = hook.digest }
    // Which layer a file is in matters where a link of one leads what another writes.
    var hidden = ["rootfs": rootfs.recipe.fingerprint.text]
    for (index, layer) in layers.enumerated() { hidden["layer \(index)"] = Fingerprint(of: layer.tree).text }
    let source = ImageSource(
      rootfs: rootfs.name, includes: layers.map(\.path), hooks: sorted.map(\.path),
      hooksReachNetwork: hooksReachNetwork, room: room)
    recipe = Recipe(label: rootfs.label, inputs: inputs, hidden: hidden, source: .image(source))
    dependencies = [rootfs.address]
  }
}
