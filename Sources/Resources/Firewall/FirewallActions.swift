import Host
import Network
import Reconcile

/// Makes both tables of a constellation that has none.
struct CreateTables: Action {
  var policy: FilterPolicy

  var description: String { "create firewall \(policy.scope.constellation)" }

  func perform(on host: Host) async throws(HostError) {
    let headers = try await host.packetFilter.tables()
    try await host.packetFilter.commit(tables(among: headers, now: try await host.forwarding.state()))
  }

  /// The first constellation of the namespace wrote down how forwarding was; from then on the switches tell nothing.
  func tables(among headers: [TableHeader], now: ForwardingState) -> [Table] {
    let former = headers.lazy.compactMap { FirewallRecord($0.comment) }.first?.former
    return policy.tables(former: former ?? now)
  }
}

/// Makes the tables what the values say, in one transaction.
struct CommitTables: Action {
  var tables: [Table]

  var description: String { "change tables \(tables.map(\.identity.description).joined(separator: ", "))" }

  func perform(on host: Host) async throws(HostError) {
    try await host.packetFilter.commit(tables)
  }
}

struct RemoveTables: Action {
  /// Sorted.
  var tables: [TableIdentity]

  var description: String { "remove tables \(tables.map(\.description).joined(separator: ", "))" }

  func perform(on host: Host) async throws(HostError) {
    try await host.packetFilter.remove(Set(tables))
  }
}
