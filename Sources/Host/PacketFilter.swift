package import Network

/// The nftables of the network namespace.
package protocol PacketFilter: Sendable {
  /// Family, name, comment and flags of every table, ours and others'.
  func tables() async throws(HostError) -> [TableHeader]
  /// The whole of the tables with these identities; one that does not exist is left out.
  func observe(_ tables: Set<TableIdentity>) async throws(HostError) -> [Table]
  /// The base chains of these tables that judge packets at input, forward and output, with what they lead to.
  func hookedChains(of tables: Set<TableIdentity>) async throws(HostError) -> [HookedChain]
  /// Makes these tables what the values say, in one transaction that changes only what differs; sends nothing when
  /// they agree. Looks anew and tries again when somebody else commits in between.
  func commit(_ tables: [Table]) async throws(HostError)
  /// What would be refused of these tables if they were made now; none of them is there, and nothing is changed.
  func refusals(of tables: [Table]) async throws(HostError) -> [HostError.Refusal]
  /// Deletes these tables, those that exist, in one transaction.
  func remove(_ tables: Set<TableIdentity>) async throws(HostError)
}
