package import Host
package import Reconcile

/// Something in the store: made once from its inputs, which its name tells, and never changed. It belongs to no
/// constellation, so nothing of it is ever an orphan.
package protocol BuiltResource: Resource where Observed == StoreEntry {
  static var storeKind: StoreKind { get }
  var recipe: Recipe { get }
  /// What keeps this machine from building it.
  var obstacle: Change.Obstacle? { get }
}

extension BuiltResource {
  package static var kind: String { storeKind.rawValue }
  package var name: String { recipe.name }

  package static func observe(_ scope: Scope, on host: Host) async throws(HostError) -> [String: StoreEntry] {
    let entries = try await host.store.entries().filter { $0.kind == storeKind }
    return [String: StoreEntry](entries.map { ($0.name, $0) }) { first, _ in first }
  }

  package static func change(
    _ name: String, from observed: StoreEntry?, to desired: Self?, under circumstances: Circumstances
  ) -> Change? {
    guard let desired else { return nil }
    if let observed {
      if observed.fingerprint == desired.recipe.fingerprint && !circumstances.isForced { return nil }
      // Twelve digits of two fingerprints may be the same, or a person wants it anew.
      return Change(
        .replace, reasons: Reason.differences(from: observed.inputs, to: desired.recipe.inputs), disruption: .none,
        setUp: [BuildEntry(recipe: desired.recipe, rebuild: true)], obstacle: desired.obstacle, isPreparation: true)
    }
    return Change(
      .create, reasons: Reason.differences(from: [:], to: desired.recipe.shownInputs), disruption: .none,
      setUp: [BuildEntry(recipe: desired.recipe, rebuild: false)], obstacle: desired.obstacle, isPreparation: true)
  }
}

extension Recipe {
  /// The inputs with files and hooks only counted: there may be thousands.
  fileprivate var shownInputs: [String: String] {
    var shown: [String: String] = [:]
    var counts: [String: Int] = [:]
    for (name, value) in inputs {
      switch Self.group(ofInput: name) {
      case let group?: counts[group, default: 0] += 1
      case nil: shown[name] = value
      }
    }
    for (group, count) in counts { shown[group] = "\(count)" }
    return shown
  }
}

/// Builds an entry of the store.
struct BuildEntry: Action {
  var recipe: Recipe
  /// Even if it is there.
  var rebuild: Bool

  var description: String { "build \(recipe.kind.rawValue) \(recipe.name)" }

  func perform(on host: Host) async throws(HostError) {
    try await host.store.build(recipe, rebuild: rebuild, progress: host.progress)
  }
}
