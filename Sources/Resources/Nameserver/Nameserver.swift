package import Host
import Network
package import Reconcile

/// The name server of a bridge: it knows the constellation's VMs, and asks the host's resolvers for the rest where VMs
/// of the bridge may go out.
package struct Nameserver: Resource {
  package static let kind = "dns"

  package var design: NameserverDesign

  package init(_ design: NameserverDesign) { self.design = design }

  /// The bridge's name in the manifest.
  package var name: String { design.name }

  package var dependencies: Set<ResourceAddress> { Self.dependencies(ofBridge: name) }

  package var claims: Set<Claim> {
    Set(
      design.addresses.flatMap { address in
        TransportProtocol.allCases.map { .port(PortRange(53...53, $0), address: address) }
      })
  }

  package static func observe(_ scope: Scope, on host: Host) async throws(HostError) -> [String: Observed] {
    let servers = try await host.nameservers.nameservers(of: scope)
    return [String: Observed](servers.map { ($0.name, Observed(server: $0, scope: scope)) }) { first, _ in first }
  }

  package static func dependencies(of observed: Observed) -> Set<ResourceAddress> {
    observed.server.pid == nil ? [] : dependencies(ofBridge: observed.server.name)
  }

  private static func dependencies(ofBridge name: String) -> Set<ResourceAddress> {
    [ResourceAddress(kind: Bridge.kind, name: name)]
  }

  /// A name server as the host has it.
  package struct Observed: Equatable, Sendable {
    package var server: ObservedNameserver
    /// Where it was found.
    package var scope: Scope

    package init(server: ObservedNameserver, scope: Scope) {
      self.server = server
      self.scope = scope
    }
  }
}
