package import Network

/// All that decides where a packet goes, as it is sent to the kernel or was read from it: what the evaluator judges
/// instead of the manifest.
package struct CompiledNetwork: Hashable, Sendable {
  /// Tables of ours, of any family.
  package var tables: [Table]
  package var bridges: [Bridge]
  package var taps: [Tap]
  /// What is plugged into the taps.
  package var machines: [Machine]
  package var forwarding: Forwarding

  package init(
    tables: [Table] = [], bridges: [Bridge] = [], taps: [Tap] = [], machines: [Machine] = [],
    forwarding: Forwarding = Forwarding()
  ) {
    self.tables = tables
    self.bridges = bridges
    self.taps = taps
    self.machines = machines
    self.forwarding = forwarding
  }

  /// A bridge that taps of ours are ports of.
  package struct Bridge: Hashable, Sendable {
    package var link: LinkName
    /// As the manifest calls it.
    package var name: String
    /// IFLA_GROUP
    package var group: UInt32
    /// The host's addresses on it.
    package var addresses: [InterfaceAddress]
    /// The host answers for a VM that another one of the bridge asks for, and so routes between the two: for all of
    /// IPv4 (`proxy_arp_pvlan`), of IPv6 for these addresses (`proxy_ndp`).
    package var answersForPorts: Bool
    package var answeredAddresses: Set<IPAddress>
    /// Packets of 127.0.0.0/8 may leave by it (`route_localnet`).
    package var routesLoopback: Bool

    package init(
      link: LinkName, name: String, group: UInt32, addresses: [InterfaceAddress], answersForPorts: Bool = false,
      answeredAddresses: Set<IPAddress> = [], routesLoopback: Bool = false
    ) {
      self.link = link
      self.name = name
      self.group = group
      self.addresses = addresses
      self.answersForPorts = answersForPorts
      self.answeredAddresses = answeredAddresses
      self.routesLoopback = routesLoopback
    }

    func answers(for address: IPAddress) -> Bool {
      answersForPorts && (address.family == .v4 || answeredAddresses.contains(address))
    }
  }

  package struct Tap: Hashable, Sendable {
    package var link: LinkName
    package var group: UInt32
    /// nil where it is no port of a bridge.
    package var master: LinkName?
    /// IFLA_BRPORT_ISOLATED
    package var isIsolated: Bool
    package var isUp: Bool

    package init(link: LinkName, group: UInt32, master: LinkName?, isIsolated: Bool = false, isUp: Bool = true) {
      self.link = link
      self.group = group
      self.master = master
      self.isIsolated = isIsolated
      self.isUp = isUp
    }
  }

  /// A VM as its neighbours know it.
  package struct Machine: Hashable, Sendable {
    package var name: String
    package var interfaces: [Interface]

    package init(name: String, interfaces: [Interface]) {
      self.name = name
      self.interfaces = interfaces
    }
  }

  package struct Interface: Hashable, Sendable {
    package var tap: LinkName
    package var mac: MACAddress
    package var addresses: [InterfaceAddress]
    /// At most one of a family: the host's address on the bridge, or that of a VM that routes.
    package var gateways: [IPAddress]

    package init(tap: LinkName, mac: MACAddress, addresses: [InterfaceAddress], gateways: [IPAddress] = []) {
      self.tap = tap
      self.mac = mac
      self.addresses = addresses
      self.gateways = gateways
    }
  }

  /// Whether the kernel forwards between interfaces.
  package struct Forwarding: Hashable, Sendable {
    package var ipv4: Bool
    package var ipv6: Bool

    package init(ipv4: Bool = true, ipv6: Bool = true) {
      self.ipv4 = ipv4
      self.ipv6 = ipv6
    }

    func isOn(_ family: IPAddress.Family) -> Bool { family == .v4 ? ipv4 : ipv6 }
  }
}
