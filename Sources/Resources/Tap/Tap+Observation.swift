package import Host
import Network
package import Reconcile

extension Tap {
  package static func observe(_ scope: Scope, on host: Host) async throws(HostError) -> [String: ObservedTap] {
    let links = try await host.links.links()
    let own = links.filter { $0.belongs(to: scope) && $0.kind != .bridge }
    let masters = Set(own.compactMap(\.master))
    var bridges: [LinkName: String] = [:]
    for link in links where masters.contains(link.name) {
      bridges[link.name] = link.belongs(to: scope) ? link.resourceName(Bridge.kind, in: scope) : link.name.text
    }
    return own.named(kind, in: scope).mapValues { link in
      ObservedTap(scope: scope, link: link, bridge: link.master.flatMap { bridges[$0] })
    }
  }

  package static func foreignClaims(_ scope: Scope, on host: Host) async throws(HostError) -> [ForeignClaim] {
    try await host.links.links().foreignNames(scope)
  }

  package static func dependencies(of observed: ObservedTap) -> Set<ResourceAddress> {
    dependencies(in: observed.scope, bridge: observed.bridge)
  }

  package static func claims(of observed: ObservedTap) -> Set<Claim> { [.link(observed.link.name)] }
}
