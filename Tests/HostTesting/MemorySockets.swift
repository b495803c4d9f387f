package import Host
import Synchronization

/// Sockets and connections of a machine that exists only here.
package final class MemorySockets: Sockets {
  private let present: Mutex<(listeners: Set<Listener>, connections: [TrackedConnection])>

  private let faults: FaultPlan

  package init(
    _ listeners: Set<Listener> = [], connections: [TrackedConnection] = [], faults: FaultPlan = FaultPlan()
  ) {
    present = Mutex((listeners, connections))
    self.faults = faults
  }

  package func listeners() async throws(HostError) -> Set<Listener> { present.withLock { $0.listeners } }

  package func connections() async throws(HostError) -> [TrackedConnection] { present.withLock { $0.connections } }

  package func forget(_ connections: [TrackedConnection]) async throws(HostError) {
    guard !connections.isEmpty else { return }
    try faults.check("end \(connections.count) connections")
    present.withLock { state in state.connections.removeAll { connections.contains($0) } }
  }
}
