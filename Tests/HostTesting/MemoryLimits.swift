package import Host
import Synchronization

/// Limits that are kept and hold nothing.
package final class MemoryLimits: Limits {
  private struct Key: Hashable {
    var scope: Scope
    var name: String
  }

  private let state = Mutex<[Key: ObservedLimits]>([:])
  private let offered: Set<String>
  private let faults: FaultPlan

  package init(offering offered: Set<String> = ["cpu", "memory", "io"], faults: FaultPlan = FaultPlan()) {
    self.offered = offered
    self.faults = faults
  }

  package func controllers() async throws(HostError) -> Set<String> { offered }

  package func limits(of scope: Scope) async throws(HostError) -> [ObservedLimits] {
    state.withLock { $0.filter { $0.key.scope == scope }.map(\.value).sorted { $0.name < $1.name } }
  }

  package func set(_ limits: MachineLimits, _ name: String, of scope: Scope) async throws(HostError) {
    let wanted = ObservedLimits(name: name, limits: limits)
    guard state.withLock({ $0[Key(scope: scope, name: name)] != wanted }) else { return }
    try faults.check("limit vm \(name)")
    state.withLock { $0[Key(scope: scope, name: name)] = wanted }
  }

  package func remove(_ name: String, of scope: Scope) async throws(HostError) {
    guard state.withLock({ $0[Key(scope: scope, name: name)] != nil }) else { return }
    try faults.check("take the limits of vm \(name) away")
    state.withLock { $0[Key(scope: scope, name: name)] = nil }
  }

  /// Somebody moves the machine's process out of its group.
  package func release(_ name: String, of scope: Scope) {
    state.withLock { $0[Key(scope: scope, name: name)]?.holdProcess = false }
  }
}
