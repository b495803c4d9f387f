/// Names of sets, which rules and members have to agree on. None is a word of nft's language.
enum InetSetName {
  /// Bridges whose VMs may go outside.
  static let egress = "br_egress"
  /// Bridges whose VMs go outside with the host's address.
  static let translated = "br_masquerade"
  /// Bridges that anybody outside may reach.
  static let inbound = "br_inbound"
  /// Bridges whose VMs may reach all of the host.
  static let host = "br_host"
  /// Bridges whose VMs may ping the host.
  static let ping = "br_ping"
  /// Bridges whose VMs may reach each other; from, to.
  static let pairs = "br_pair"
  static let hostPorts = "host_port"
  static let hostPortRanges = "host_port_range"
  static let allowed4 = "allowed4"
  static let allowed4Ranges = "allowed4_range"
  static let allowed6 = "allowed6"
  static let allowed6Ranges = "allowed6_range"
  static let neighborTypes = "nd_types"
  /// Holds `EndingSign` for a while; no rule asks it.
  static let ending = "ending"
}

enum GuardSetName {
  static let taps = "taps"
  /// Taps whose VM may ping.
  static let ping = "tap_ping"
  /// Taps whose VMs are kept apart: the host answers for them.
  static let apart = "tap_isolated"
  static let mac = "guard_mac"
  static let source4 = "guard4"
  static let source6 = "guard6"
  static let source4Ranges = "guard4_range"
  static let source6Ranges = "guard6_range"
  /// Addresses that a VM may call its own towards its neighbours.
  static let neighbor = "guard_nd"
  static let requests4 = "icmp_requests"
  static let requests6 = "icmp6_requests"
  static let routerTypes = "router_types"
  static let unspecifiedTypes = "unspecified_types"
}
