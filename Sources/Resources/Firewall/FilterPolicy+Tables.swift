package import Host
package import Network

extension FilterPolicy {
  /// The two tables. Their rules are the same whatever the members are, but for the constellation's group.
  ///
  /// - Parameter former: what was forwarded before; what was not stays closed to others when we open it for ours.
  package func tables(former: ForwardingState) -> [Table] {
    let comment = FirewallRecord(scope: scope, former: former).description
    let identities = Self.tables(of: scope.constellation)
    return [
      Table(
        header: TableHeader(identity: identities.inet, comment: comment),
        chains: InetChains(group: scope.linkGroup, constellation: scope.constellation, former: former).all,
        sets: InetSets(self).all),
      Table(
        header: TableHeader(identity: identities.bridge, comment: comment),
        chains: GuardChains(group: scope.linkGroup).all,
        sets: GuardSets(self).all),
    ]
  }
}
