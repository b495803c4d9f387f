package import Host
import Synchronization

/// Sockets of a machine that exists only here.
package final class MemorySockets: Sockets {
  private let present: Mutex<Set<Listener>>

  package init(_ listeners: Set<Listener> = []) { present = Mutex(listeners) }

  package func listeners() async throws(HostError) -> Set<Listener> { present.withLock { $0 } }
}
