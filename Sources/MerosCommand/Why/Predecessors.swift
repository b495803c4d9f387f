import Host
import Reconcile
import Resources

/// What built things take the place of: another one of what the same VMs stand on by now.
struct Predecessors {
  let graph: ResourceGraph
  let observation: Observation

  /// nil where there is none, as where the built thing is in use already.
  func predecessor(of address: ResourceAddress) -> Account.Predecessor? {
    guard let recipe = recipe(of: address) else { return nil }
    let before = users(of: address).lazy.compactMap { entry(like: recipe, of: $0) }.first
    guard let before, before.fingerprint != recipe.fingerprint else { return nil }
    return Account.Predecessor(
      address: ResourceAddress(kind: before.kind.rawValue, name: before.name),
      reasons: Reason.differences(from: before.inputs, to: recipe.inputs))
  }

  func recipe(of address: ResourceAddress) -> Recipe? { (graph.resources[address] as? any BuiltResource)?.recipe }

  /// The VMs that stand on it, sorted.
  private func users(of address: ResourceAddress) -> [String] {
    graph.dependencies.filter { $0.key.kind == VirtualMachine.kind && $0.value.contains(address) }.map(\.key.name)
      .sorted()
  }

  /// What the VM stands on in that place.
  private func entry(like recipe: Recipe, of machine: String) -> StoreEntry? {
    switch recipe.kind {
    case .kernel: return kernel(of: machine)
    case .image: return image(of: machine)
    case .rootfs:
      // The base has no packages of its own.
      var layer = image(of: machine).flatMap(rootfs)
      while let found = layer, (found.inputs["packages"] == nil) != (recipe.inputs["packages"] == nil) {
        layer = rootfs(below: found)
      }
      return layer
    }
  }

  private func kernel(of machine: String) -> StoreEntry? {
    let vm = observation.resources[ResourceAddress(kind: VirtualMachine.kind, name: machine)]?.value
    let name = (vm as? ObservedVirtualMachine)?.machine?.attributes["kernel"]
    return name.flatMap { entry(.kernel, $0) }
  }

  private func image(of machine: String) -> StoreEntry? {
    let disk = observation.resources[ResourceAddress(kind: Disk.kind, name: machine)]?.value as? Disk.Observed
    return disk?.image
  }

  private func rootfs(below entry: StoreEntry) -> StoreEntry? {
    entry.standsOn.sorted().first { $0.kind == .rootfs }.flatMap { self.entry(.rootfs, $0.name) }
  }

  private func entry(_ kind: StoreKind, _ name: String) -> StoreEntry? {
    observation.resources[ResourceAddress(kind: kind.rawValue, name: name)]?.value as? StoreEntry
  }
}
