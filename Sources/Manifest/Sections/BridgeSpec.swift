package import Diagnostics
package import Network

/// A bridge and what may pass from its VMs.
package struct BridgeSpec: Equatable, Sendable {
  package var name: Located<String>
  /// The host's IPv4 address on it. nil only where `isCreated` is false or there is a `subnet6`.
  package var subnet: Located<InterfaceAddress>?
  /// The host's IPv6 address on it.
  package var subnet6: Located<InterfaceAddress>?
  package var policy: Located<Policy>
  /// The host's ports that VMs of the bridge may reach; none of an isolated bridge.
  package var allowedPorts: [Located<PortRange>]
  /// Destinations that VMs of the bridge may reach with any protocol, besides what the policy gives.
  package var allowedIPs: [Located<IPPrefix>]
  /// VMs may ping the host and whatever they may otherwise reach. nil when nobody wrote it: they may, but on an isolated
  /// bridge not the host.
  package var allowsICMP: Located<Bool>?
  package var peers: Located<Peers>
  /// As it was written; nil when nobody did.
  package var dns: Located<Bool>?
  /// false: the bridge exists already and stays the owner's; then its name is the link's name.
  package var isCreated: Bool
  /// In bytes.
  package var mtu: Located<UInt32>

  package enum Policy: String, CaseIterable, Sendable {
    case hostAccess = "host-access"
    case isolated, nat, routed, open
  }

  /// VMs of the bridge among themselves.
  package enum Peers: String, CaseIterable, Sendable {
    case open, isolated
  }

  /// The bridge has a name server of its own: what was written, else all bridges of ours but isolated ones.
  package var servesNames: Bool {
    !hostAddresses.isEmpty && (dns?.value ?? (isCreated && policy.value != .isolated))
  }

  /// The host's addresses on it, IPv4 first.
  package var hostAddresses: [Located<InterfaceAddress>] { [subnet, subnet6].compactMap(\.self) }

  /// The host's address of a family; nil when the bridge has no subnet of it.
  package func hostAddress(_ family: IPAddress.Family) -> InterfaceAddress? {
    (family == .v4 ? subnet : subnet6)?.value
  }
}
