/// A bridge as it should be.
package struct BridgeDesign: Hashable, Sendable {
  package var name: LinkName
  package var group: UInt32
  package var alias: String
  /// In bytes.
  package var mtu: UInt32
  /// The host's addresses on it, sorted.
  package var addresses: [InterfaceAddress]
  package var routing = BridgeRouting()

  package init(name: LinkName, group: UInt32, alias: String, mtu: UInt32, addresses: [InterfaceAddress]) {
    self.name = name
    self.group = group
    self.alias = alias
    self.mtu = mtu
    self.addresses = addresses
  }
}

/// A persistent tap as it should be: up, a port of `master`.
package struct TapDesign: Hashable, Sendable {
  package var name: LinkName
  package var group: UInt32
  package var alias: String
  /// At most one; nil when the link's own name says it all.
  package var alternativeName: String?
  /// The uid that may attach to it.
  package var owner: UInt32
  package var master: LinkName
  /// In bytes.
  package var mtu: UInt32
  /// IFLA_BRPORT_ISOLATED: no packets to other isolated ports of the bridge.
  package var isIsolated: Bool

  package init(
    name: LinkName, group: UInt32, alias: String, alternativeName: String? = nil, owner: UInt32, master: LinkName,
    mtu: UInt32, isIsolated: Bool
  ) {
    self.name = name
    self.group = group
    self.alias = alias
    self.alternativeName = alternativeName
    self.owner = owner
    self.master = master
    self.mtu = mtu
    self.isIsolated = isIsolated
  }
}
