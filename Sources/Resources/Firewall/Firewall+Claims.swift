package import Host
import Network
package import Reconcile

extension Firewall {
  package var claims: Set<Claim> {
    let tables = FilterPolicy.tables(of: name)
    return Self.claims([.table(tables.inet), .table(tables.bridge)], ports)
  }

  /// Tables and forwards of other constellations, others' tables of such a name, and ports that somebody listens at.
  package static func foreignClaims(_ scope: Scope, on host: Host) async throws(HostError) -> [ForeignClaim] {
    let others = try await host.packetFilter.tables().filter { FirewallRecord($0.comment)?.scope != scope }
    var claims = others.map { ForeignClaim(.table($0.identity), holder: "table \($0.identity)") }
    let marked = Set(others.filter { FirewallRecord($0.comment) != nil && $0.identity.family == .inet }.map(\.identity))
    if !marked.isEmpty {
      for table in try await host.packetFilter.observe(marked) {
        claims += ports(of: [table]).map { ForeignClaim($0.claim, holder: "table \(table.identity)") }
      }
    }
    let own = Set(try await host.links.links().filter { $0.belongs(to: scope) }.flatMap(\.addresses).map(\.address))
    // Names are served at the addresses of our own bridges by nobody but ourselves.
    for listener in try await host.sockets.listeners() where listener.port != 53 || !own.contains(listener.address) {
      let port = Port(
        transport: listener.transport, number: listener.port,
        address: listener.address.value == 0 ? nil : listener.address)
      claims.append(ForeignClaim(port.claim, holder: "a socket at \(listener.address) port \(listener.port)"))
    }
    return claims
  }

  package static func claims(of observed: Observed) -> Set<Claim> {
    claims(Set(observed.tables.map { .table($0.identity) }), ports(of: observed.tables))
  }

  /// A port of the host; nil: of every address.
  struct Port: Hashable {
    var transport: TransportProtocol
    var number: UInt16
    var address: IPAddress?

    var claim: Claim { .port(PortRange(number...number, transport), address: address) }
  }

  private var ports: Set<Port> {
    Set(policy.forwards.map { Port(transport: $0.transport, number: $0.hostPort, address: $0.address) })
  }

  private static func ports(of tables: [Table]) -> Set<Port> {
    var ports: Set<Port> = []
    for family in IPAddress.Family.allCases {
      let names = ForwardSetName(family)
      let length = family == .v4 ? 4 : 16
      for table in tables where table.identity.family == .inet {
        for element in table.sets[names.anywhere]?.elements ?? [] {
          if let port = port(element.key, address: nil) { ports.insert(port) }
        }
        for element in table.sets[names.somewhere]?.elements ?? [] {
          let address = IPAddress(bytes: element.key.prefix(length))
          if let port = port(Array(element.key.dropFirst(length)), address: address) { ports.insert(port) }
        }
      }
    }
    return ports
  }

  /// Reads protocol and port of a key, each padded to four bytes; nil for what no forward has.
  private static func port(_ key: [UInt8], address: IPAddress?) -> Port? {
    guard key.count >= 6 else { return nil }
    let transport: TransportProtocol
    switch key[0] {
    case TransportProtocol.tcp.number: transport = .tcp
    case TransportProtocol.udp.number: transport = .udp
    default: return nil
    }
    return Port(transport: transport, number: UInt16(key[4]) << 8 | UInt16(key[5]), address: address)
  }

  /// With every address one need not name some.
  private static func claims(_ claims: Set<Claim>, _ ports: Set<Port>) -> Set<Claim> {
    claims.union(
      ports.filter { port in
        port.address == nil
          || !ports.contains(Port(transport: port.transport, number: port.number, address: nil))
      }.map(\.claim))
  }
}
