package import Host
package import Network
package import Reconcile

/// The host's end of a VM's network cable: a port of a bridge, kept while no machine holds it.
package struct Tap: Resource {
  package static let kind = "tap"

  package var scope: Scope
  package var name: String
  package var design: TapDesign
  /// The bridge's name in the manifest.
  package var bridge: String

  package init(scope: Scope, name: String, design: TapDesign, bridge: String) {
    self.scope = scope
    self.name = name
    self.design = design
    self.bridge = bridge
  }

  /// The packet filter knows the tap before it goes up.
  package var dependencies: Set<ResourceAddress> { Self.dependencies(in: scope, bridge: bridge) }

  package var claims: Set<Claim> { [.link(design.name)] }

  static func dependencies(in scope: Scope, bridge: String?) -> Set<ResourceAddress> {
    Bridge.dependencies(in: scope).union(bridge.map { [ResourceAddress(kind: Bridge.kind, name: $0)] } ?? [])
  }
}

/// A tap of ours as the host has it.
package struct ObservedTap: Equatable, Sendable {
  package var scope: Scope
  package var link: Link
  /// The name of the bridge's resource; nil where it is no port.
  package var bridge: String?

  package init(scope: Scope, link: Link, bridge: String?) {
    self.scope = scope
    self.link = link
    self.bridge = bridge
  }
}
