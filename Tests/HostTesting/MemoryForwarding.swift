package import Host
import Synchronization

/// The two switches of a machine that exists only here.
package final class MemoryForwarding: Forwarding {
  private let present: Mutex<ForwardingState>
  private let faults: FaultPlan

  package init(
    _ state: ForwardingState = ForwardingState(ipv4: false, ipv6: false), faults: FaultPlan = FaultPlan()
  ) {
    present = Mutex(state)
    self.faults = faults
  }

  package func state() async throws(HostError) -> ForwardingState { present.withLock { $0 } }

  package func set(_ state: ForwardingState) async throws(HostError) {
    guard present.withLock({ $0 != state }) else { return }
    try faults.check("set forwarding")
    present.withLock { $0 = state }
  }
}
