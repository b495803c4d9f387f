import Host
import Network
import Reconcile

/// Makes both tables of a constellation that has none.
struct CreateTables: Action {
  var policy: FilterPolicy
  /// What stands may be more than they would let begin: with `EndingSign`.
  var hasToEnd = false

  var description: String { "create firewall \(policy.scope.constellation)" }

  func perform(on host: Host) async throws(HostError) {
    let headers = try await host.packetFilter.tables()
    try await host.packetFilter.commit(tables(among: headers, now: try await host.forwarding.state()))
  }

  /// The first constellation of the namespace wrote down how forwarding was; from then on the switches tell nothing.
  func tables(among headers: [TableHeader], now: ForwardingState) -> [Table] {
    let former = headers.lazy.compactMap { FirewallRecord($0.comment) }.first?.former
    let tables = policy.tables(former: former ?? now)
    return hasToEnd ? EndingSign.put(in: tables) : tables
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

/// Ends the connections that the policy would not let begin now, and only those. What is narrowed is no connection's
/// concern by itself: the tables let pass what belongs to one that stands.
struct EndRefusedConnections: Action {
  var policy: FilterPolicy
  /// What the policy has become.
  var tables: [Table]

  var description: String { "end connections that firewall \(policy.scope.constellation) no longer admits" }

  func perform(on host: Host) async throws(HostError) {
    let connections = try await host.sockets.connections()
    guard !connections.isEmpty else { return }
    let local = Set(try await host.links.links().flatMap(\.addresses).map(\.address))
    let refused = RefusedConnections(policy, tables, local: local).among(connections)
    try await host.sockets.forget(refused)
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
