package import Network
package import Reconcile

/// A base chain of somebody else's that drops what a constellation admits: a packet passes only where every base chain lets
/// it pass. We never edit it; a person can.
package struct ForeignHindrance: Hashable, Sendable {
  package var table: TableIdentity
  package var chain: String
  package var hook: Chain.Hook
  package var owner: Owner
  /// The bridges of ours that it concerns, sorted.
  package var links: [LinkName]
  /// What is lost there, sorted.
  package var ends: [WayEnds]

  /// Whose table it is, by the chains that only they have.
  package enum Owner: String, Hashable, Sendable {
    case docker, ufw, firewalld
    case unknown
  }

  package init(
    table: TableIdentity, chain: String, hook: Chain.Hook, owner: Owner, links: [LinkName], ends: [WayEnds]
  ) {
    self.table = table
    self.chain = chain
    self.hook = hook
    self.owner = owner
    self.links = links
    self.ends = ends
  }

  /// Those that stand in the way of what the graph admits, one for each chain; in the order of tables.
  package static func all(in observation: Observation, of graph: ResourceGraph) -> [ForeignHindrance] {
    all(among: observation.hookedChains, of: graph)
  }

  /// The same, of chains that were looked at alone.
  package static func all(among chains: [HookedChain], of graph: ResourceGraph) -> [ForeignHindrance] {
    guard !chains.isEmpty, let policy = graph.resources.values.lazy.compactMap({ $0 as? Firewall }).first?.policy else {
      return []
    }
    return all(among: chains, policy)
  }

  static func all(among chains: [HookedChain], _ policy: FilterPolicy) -> [ForeignHindrance] {
    let ways = AdmittedWay.all(of: policy)
    return chains.compactMap { chain in
      let lost = ways.filter { way in
        way.hook == chain.base.hook && chain.table.family.sees(way.family)
          && ChainGlance(chain: chain, way: way, links: policy.links).drops
      }
      guard !lost.isEmpty else { return nil }
      return ForeignHindrance(
        table: chain.table, chain: chain.name, hook: chain.base.hook, owner: Owner(of: chain),
        links: Set(lost.flatMap { [$0.from, $0.to].compactMap(\.self) }).sorted(), ends: Set(lost.map(\.ends)).sorted())
    }
  }
}

extension ForeignHindrance.Owner {
  fileprivate init(of chain: HookedChain) {
    if chain.base.hook == .forward, chain.neighbors.contains("DOCKER-USER") {
      self = .docker
    } else if chain.neighbors.contains(where: { ["ufw-user-", "ufw6-user-"].contains(where: $0.hasPrefix) }) {
      self = .ufw
    } else if chain.table.name == "firewalld" {
      self = .firewalld
    } else {
      self = .unknown
    }
  }
}

extension TableFamily {
  /// Whether packets of the family come by such a table. A table of frames sees those that stay on a bridge, which are no
  /// part of what is asked for here.
  fileprivate func sees(_ family: IPAddress.Family) -> Bool {
    switch self {
    case .inet: true
    case .ip: family == .v4
    case .ip6: family == .v6
    case .bridge, .arp, .netdev: false
    }
  }
}
