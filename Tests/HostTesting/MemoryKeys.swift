package import Host
import Synchronization

/// Keys that are numbers, each made once.
package final class MemoryKeys: Keys {
  private struct Key: Hashable {
    var constellation: String
    var use: KeyUse
  }
  private struct State {
    var made = 0
    var keys: [Key: String] = [:]
  }

  private let state = Mutex(State())
  private let faults: FaultPlan

  package init(faults: FaultPlan = FaultPlan()) { self.faults = faults }

  package func keys(of constellation: String) async throws(HostError) -> [ObservedKey] {
    state.withLock { state in
      state.keys.filter { $0.key.constellation == constellation }
        .map { ObservedKey(use: $0.key.use, publicKey: $0.value, isPinned: true) }
        .sorted { $0.use.name < $1.use.name }
    }
  }

  package func ensure(_ use: KeyUse, of constellation: String) async throws(HostError) {
    let key = Key(constellation: constellation, use: use)
    guard state.withLock({ $0.keys[key] == nil }) else { return }
    try faults.check("create key \(use.name)")
    state.withLock {
      $0.made += 1
      $0.keys[key] = "ssh-ed25519 AAAA\($0.made)"
    }
  }

  package func remove(_ use: KeyUse, of constellation: String) async throws(HostError) {
    let key = Key(constellation: constellation, use: use)
    guard state.withLock({ $0.keys[key] != nil }) else { return }
    try faults.check("delete key \(use.name)")
    state.withLock { $0.keys[key] = nil }
  }

  /// Nothing of any constellation is left.
  package var isEmpty: Bool { state.withLock { $0.keys.isEmpty } }
}
