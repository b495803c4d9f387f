import Host
import Reconcile
import Resources

/// What the packet filter of the host makes of what meros wants. It shows itself only to who may change it.
struct FilterFitness: Equatable, Sendable {
  /// What the kernel would not take of tables like ours.
  var refusals: [HostError.Refusal]
  /// What others drop of what constellations admit.
  var hindrances: [ForeignHindrance]

  /// Asks the kernel, and changes nothing.
  static func look(for goals: [Goal], in data: DataIdentity, on host: Host) async throws(HostError) -> FilterFitness {
    // No constellation's name begins so, and its tables hold every kind of rule and set that there is.
    let tables = FilterPolicy(scope: Scope(constellation: "0", data: data))
      .tables(former: ForwardingState(ipv4: false, ipv6: false))
    var hindrances: [ForeignHindrance] = []
    for goal in goals {
      let chains = try await Firewall.hookedChains(Scope(constellation: goal.constellation, data: data), on: host)
      hindrances += ForeignHindrance.all(among: chains, of: goal.graph)
    }
    return FilterFitness(refusals: try await host.packetFilter.refusals(of: tables), hindrances: hindrances)
  }
}
