package import Host
import Synchronization

/// Sockets and connections of a machine that exists only here.
package final class MemorySockets: Sockets {
  private let present: Mutex<(listeners: Set<Listener>, connections: [TrackedConnection])>

  package init(_ listeners: Set<Listener> = [], connections: [TrackedConnection] = []) {
    present = Mutex((listeners, connections))
  }

  package func listeners() async throws(HostError) -> Set<Listener> { present.withLock { $0.listeners } }

  package func connections() async throws(HostError) -> [TrackedConnection] { present.withLock { $0.connections } }

  package func forget(_ connections: [TrackedConnection]) async throws(HostError) {
    present.withLock { state in state.connections.removeAll { connections.contains($0) } }
  }
}
