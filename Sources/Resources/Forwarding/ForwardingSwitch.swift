package import Host
import Network
package import Reconcile

/// The kernel forwards between the interfaces of the namespace while a constellation stands. What it did before the
/// first one came is kept in the comment of each constellation's tables, and the last one to go puts it back.
package struct ForwardingSwitch: Resource {
  package static let kind = "forwarding"

  package var scope: Scope

  package init(scope: Scope) { self.scope = scope }

  package var name: String { scope.constellation }

  /// What is forwarded is filtered first; and the record of what was before goes last.
  package var dependencies: Set<ResourceAddress> { Bridge.dependencies(in: scope) }

  static let on = ForwardingState(ipv4: true, ipv6: true)

  /// Nothing without tables of ours: then the setting is not ours either.
  package static func observe(_ scope: Scope, on host: Host) async throws(HostError) -> [String: ObservedForwarding] {
    let records = try await host.packetFilter.tables().compactMap { FirewallRecord($0.comment) }
    guard let own = records.first(where: { $0.scope == scope }) else { return [:] }
    return [
      scope.constellation: ObservedForwarding(
        scope: scope, state: try await host.forwarding.state(), former: own.former,
        isShared: records.contains { $0.scope != scope })
    ]
  }

  package static func dependencies(of observed: ObservedForwarding) -> Set<ResourceAddress> {
    Bridge.dependencies(in: observed.scope)
  }
}

/// What the kernel forwards while a constellation of ours stands.
package struct ObservedForwarding: Equatable, Sendable {
  package var scope: Scope
  package var state: ForwardingState
  /// Before the first constellation came.
  package var former: ForwardingState
  /// Another constellation needs it too.
  package var isShared: Bool

  package init(scope: Scope, state: ForwardingState, former: ForwardingState, isShared: Bool) {
    self.scope = scope
    self.state = state
    self.former = former
    self.isShared = isShared
  }
}
