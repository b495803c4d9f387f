package import Host
package import Network

/// Who may reach whom: all that the packet filter of a constellation is made from.
package struct FilterPolicy: Hashable, Sendable {
  package var scope: Scope
  package var bridges: [Bridge]
  package var taps: [Tap]
  /// What is admitted besides.
  package var flows: [Flow]
  package var forwards: [Forward]

  package init(
    scope: Scope, bridges: [Bridge] = [], taps: [Tap] = [], flows: [Flow] = [],
    forwards: [Forward] = []
  ) {
    self.scope = scope
    self.bridges = bridges
    self.taps = taps
    self.flows = flows
    self.forwards = forwards
  }

  /// What VMs of a bridge may start. Replies always pass, and the host may always open connections to VMs.
  package enum BridgePolicy: String, Hashable, Sendable, CaseIterable {
    /// Nothing but each other.
    case isolated
    /// The host's allowed ports, and outside by NAT.
    case hostAccess = "host-access"
    /// Outside by NAT, not the host.
    case nat
    /// Outside, with their own addresses.
    case routed
    /// Everything, both ways; outside by NAT.
    case open

    var goesOutside: Bool { self != .isolated }
    var isTranslated: Bool { self != .routed }
  }

  package struct Bridge: Hashable, Sendable {
    /// As the manifest calls it.
    package var name: String
    package var link: LinkName
    /// The host's, with the subnets that VMs of the bridge have theirs in.
    package var addresses: [InterfaceAddress] = []
    /// False where the bridge is somebody else's: then only what our taps send is filtered, by its sender.
    package var isOurs: Bool
    package var policy: BridgePolicy
    /// Ports of the host that its VMs may reach.
    package var allowedPorts: [PortRange]
    /// Destinations that its VMs may reach besides what the policy gives.
    package var allowedIPs: [IPPrefix]
    /// VMs may ping whatever they may reach, and the host.
    package var allowsICMP: Bool
    /// They may ping all that but the host.
    package var hidesHostFromPing: Bool
    /// VMs of the bridge may reach each other.
    package var hasOpenPeers: Bool
    /// VMs of the bridge may ask the host for names.
    package var servesNames: Bool

    package init(
      name: String, link: LinkName, isOurs: Bool = true, policy: BridgePolicy, allowedPorts: [PortRange] = [],
      allowedIPs: [IPPrefix] = [], allowsICMP: Bool = true, hidesHostFromPing: Bool = false, hasOpenPeers: Bool = true,
      servesNames: Bool = false
    ) {
      self.name = name
      self.link = link
      self.isOurs = isOurs
      self.policy = policy
      self.allowedPorts = allowedPorts
      self.allowedIPs = allowedIPs
      self.allowsICMP = allowsICMP
      self.hidesHostFromPing = hidesHostFromPing
      self.hasOpenPeers = hasOpenPeers
      self.servesNames = servesNames
    }
  }

  package struct Tap: Hashable, Sendable {
    package var link: LinkName
    /// The VM behind it.
    package var vm: String
    /// The bridge's name in the manifest.
    package var bridge: String
    package var mac: MACAddress
    /// What it may send from.
    package var addresses: [IPAddress]
    /// What it may send from besides, for a VM that routes for others.
    package var allowedSources: [IPPrefix]

    package init(
      link: LinkName, vm: String, bridge: String, mac: MACAddress, addresses: [IPAddress],
      allowedSources: [IPPrefix] = []
    ) {
      self.link = link
      self.vm = vm
      self.bridge = bridge
      self.mac = mac
      self.addresses = addresses
      self.allowedSources = allowedSources
    }
  }

  /// The tables that hold the constellation's rules: one sees routed packets, one sees frames of bridges.
  package static func tables(of constellation: String) -> (inet: TableIdentity, bridge: TableIdentity) {
    (TableIdentity(.inet, "meros_\(constellation)"), TableIdentity(.bridge, "meros_\(constellation)"))
  }

  /// Every link that a member of a set may name.
  package var links: Set<LinkName> { Set(bridges.map(\.link)).union(taps.map(\.link)) }
}
