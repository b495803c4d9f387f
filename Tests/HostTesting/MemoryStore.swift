package import Host
import Network
import Synchronization

/// A store that keeps what was built, and builds at once.
package final class MemoryStore: Store {
  private let state = Mutex<[StoreKind: [String: StoreEntry]]>([:])
  private let faults: FaultPlan

  package init(faults: FaultPlan = FaultPlan()) { self.faults = faults }

  package func entries() async throws(HostError) -> [StoreEntry] {
    state.withLock { $0.values.flatMap(\.values).sorted { ($0.kind, $0.name) < ($1.kind, $1.name) } }
  }

  package func build(_ recipe: Recipe, rebuild: Bool, progress: Progress) async throws(HostError) {
    let deed = "build \(recipe.kind.rawValue) \(recipe.name)"
    let isThere = state.withLock { $0[recipe.kind]?[recipe.name]?.fingerprint == recipe.fingerprint }
    if isThere && !rebuild { return }
    try faults.check(deed)
    if case .image = recipe.source {
      for below in recipe.standsOn where !contains(below.kind, below.name) {
        throw HostError(deed, .missing("store entry \(below)"))
      }
    }
    let entry = StoreEntry(
      kind: recipe.kind, name: recipe.name, fingerprint: recipe.fingerprint, inputs: recipe.inputs,
      digest: recipe.fingerprint.text, duration: .seconds(1), standsOn: recipe.standsOn)
    state.withLock { $0[recipe.kind, default: [:]][recipe.name] = entry }
  }

  /// Nobody is known to need any.
  package func items() async throws(HostError) -> [StoreItem] {
    try await entries().map { StoreItem(entry: $0, size: ByteCount(bytes: 1 << 20)) }
  }

  package func remove(_ entries: [StoreAddress]) async throws(HostError) -> [StoreAddress] {
    let gone = entries.filter { contains($0.kind, $0.name) }
    for address in gone { lose(address.kind, address.name) }
    return gone
  }

  package func packages(of image: String) async throws(HostError) -> [InstalledPackage]? { nil }

  package func contains(_ kind: StoreKind, _ name: String) -> Bool { state.withLock { $0[kind]?[name] != nil } }

  /// nil where there is no such entry.
  package func digest(_ kind: StoreKind, _ name: String) -> String? { state.withLock { $0[kind]?[name]?.digest } }

  /// What nobody but a person does: an entry is gone.
  package func lose(_ kind: StoreKind, _ name: String) {
    state.withLock { $0[kind]?[name] = nil }
  }
}
