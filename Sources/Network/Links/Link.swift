/// A network interface as rtnetlink reports it.
package struct Link: Hashable, Sendable {
  /// `ifi_index`, of this network namespace.
  package var index: Int32
  package var name: LinkName
  package var kind: Kind
  /// IFLA_GROUP; 0 is the default group.
  package var group: UInt32
  /// IFLA_IFALIAS; nil when there is none.
  package var alias: String?
  /// IFLA_ALT_IFNAME, sorted.
  package var alternativeNames: [String]
  /// The bridge that it is a port of; nil when it is none.
  package var master: LinkName?
  /// IFF_UP: what an administrator asked for, not the state of a carrier.
  package var isUp: Bool
  /// nil for a link without an Ethernet address.
  package var mac: MACAddress?
  /// In bytes.
  package var mtu: UInt32
  /// IFLA_BRPORT_ISOLATED; false where it is no port of a bridge.
  package var isIsolated: Bool
  /// Sorted; without IPv6 link-local addresses, which the kernel makes by itself.
  package var addresses: [InterfaceAddress]
  /// Looked at where it is a bridge of a constellation's group.
  package var routing = BridgeRouting()

  package enum Kind: Hashable, Sendable {
    case bridge
    /// A persistent tap; `owner` is the uid that may attach to it, nil for anybody.
    case tap(owner: UInt32?)
    /// IFLA_INFO_KIND, or "" for a link without it.
    case other(String)
  }

  package init(
    index: Int32, name: LinkName, kind: Kind, group: UInt32 = 0, alias: String? = nil,
    alternativeNames: [String] = [], master: LinkName? = nil, isUp: Bool = false, mac: MACAddress? = nil,
    mtu: UInt32 = 1500, isIsolated: Bool = false, addresses: [InterfaceAddress] = []
  ) {
    self.index = index
    self.name = name
    self.kind = kind
    self.group = group
    self.alias = alias
    self.alternativeNames = alternativeNames
    self.master = master
    self.isUp = isUp
    self.mac = mac
    self.mtu = mtu
    self.isIsolated = isIsolated
    self.addresses = addresses
  }
}

/// A route of the main table, as far as it tells whose a subnet is.
package struct Route: Hashable, Sendable {
  package var destination: IPPrefix
  /// nil where the route names no link (blackhole, multipath).
  package var link: LinkName?

  package init(destination: IPPrefix, link: LinkName?) {
    self.destination = destination
    self.link = link
  }
}
