package import Host
package import Network
package import Reconcile

/// A bridge on the host that VMs are plugged into.
package struct Bridge: Resource {
  package static let kind = "bridge"

  package var scope: Scope
  /// As the manifest calls it.
  package var name: String
  package var design: BridgeDesign
  /// `auto_create`: false where it is somebody else's and must be there already. Then only the link's name of `design`
  /// counts, nothing is created or changed.
  package var isOurs: Bool

  package init(scope: Scope, name: String, design: BridgeDesign, isOurs: Bool = true) {
    self.scope = scope
    self.name = name
    self.design = design
    self.isOurs = isOurs
  }

  /// The packet filter knows the bridge before it goes up.
  package var dependencies: Set<ResourceAddress> { Self.dependencies(in: scope) }

  package var claims: Set<Claim> { isOurs ? Self.claims(design.name, design.addresses) : [] }

  static func dependencies(in scope: Scope) -> Set<ResourceAddress> {
    [ResourceAddress(kind: "firewall", name: scope.constellation)]
  }

  static func claims(_ link: LinkName, _ addresses: [InterfaceAddress]) -> Set<Claim> {
    Set([.link(link)] + addresses.map { .subnet($0.prefix) })
  }
}

/// What the host has under the name of a bridge.
package struct ObservedBridge: Equatable, Sendable {
  package var scope: Scope
  /// Ours; nil when there is none.
  package var link: Link?
  /// Somebody else's bridge has this very name on the host: what a bridge with `auto_create: false` asks for.
  package var isForeignThere: Bool

  package init(scope: Scope, link: Link?, isForeignThere: Bool = false) {
    self.scope = scope
    self.link = link
    self.isForeignThere = isForeignThere
  }
}
