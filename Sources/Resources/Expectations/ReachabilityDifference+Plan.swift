import Host
import Network
package import Reachability
package import Reconcile

extension ReachabilityDifference {
  /// What a plan makes of who reaches whom; nil where nothing of the packet filter or the links changes.
  package init?(of plan: Plan, from observation: Observation, to graph: ResourceGraph) {
    guard plan.changes.contains(where: { Self.kinds.contains($0.address.kind) }) else { return nil }
    let firewall = observation.resources.values.lazy.compactMap { $0.value as? Firewall.Observed }.first
    let former = firewall?.record.former ?? ForwardingState(ipv4: false, ipv6: false)
    let desired = CompiledNetwork(graph, former: former)
    let observed = CompiledNetwork(observation, desired: desired)
    self.init(from: Reachability(observed), to: Reachability(desired))
  }

  private static let kinds: Set<String> = [Firewall.kind, Bridge.kind, Tap.kind, ForwardingSwitch.kind]
}
