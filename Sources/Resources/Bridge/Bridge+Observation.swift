package import Host
import Network
package import Reconcile

extension Bridge {
  package static func observe(_ scope: Scope, on host: Host) async throws(HostError) -> [String: ObservedBridge] {
    let bridges = try await host.links.links().filter { $0.kind == .bridge }
    var observed = bridges.filter { $0.belongs(to: scope) }.named(kind, in: scope)
      .mapValues { ObservedBridge(scope: scope, link: $0) }
    for foreign in bridges where !foreign.belongs(to: scope) {
      observed[foreign.name.text, default: ObservedBridge(scope: scope, link: nil)].isForeignThere = true
    }
    return observed
  }

  /// The names of others' links, and the networks that they lead to: default routes lead everywhere and claim nothing.
  package static func foreignClaims(_ scope: Scope, on host: Host) async throws(HostError) -> [ForeignClaim] {
    let links = try await host.links.links()
    let own = Set(links.filter { $0.belongs(to: scope) }.map(\.name))
    var claims = links.foreignNames(scope)
    var known: Set<Claim> = []
    for link in links where !own.contains(link.name) {
      for address in link.addresses where known.insert(.subnet(address.prefix)).inserted {
        claims.append(ForeignClaim(.subnet(address.prefix), holder: link.title))
      }
    }
    for route in try await host.links.routes() where route.destination.length > 0 && !route.isAutomatic {
      if let link = route.link, own.contains(link) { continue }
      guard known.insert(.subnet(route.destination)).inserted else { continue }
      let way = route.link.map { " by \($0)" } ?? ""
      claims.append(ForeignClaim(.subnet(route.destination), holder: "route \(route.destination)\(way)"))
    }
    return claims
  }

  package static func dependencies(of observed: ObservedBridge) -> Set<ResourceAddress> {
    observed.link == nil ? [] : dependencies(in: observed.scope)
  }

  package static func claims(of observed: ObservedBridge) -> Set<Claim> {
    observed.link.map { claims($0.name, $0.addresses) } ?? []
  }
}

extension Route {
  /// Of link-local or multicast addresses of IPv6: every link has such routes.
  fileprivate var isAutomatic: Bool {
    let first = destination.address.value >> 118
    return destination.family == .v6 && (first == 0x3fa || first >> 2 == 0xff)
  }
}
