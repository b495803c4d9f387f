import Host
import Network
import Testing

@testable import Resources

/// A policy that uses every set: two bridges of ours, one of somebody else's, four taps.
enum FirewallSample {
  static func scope(_ name: String = "lab") throws -> Scope {
    Scope(constellation: name, data: try #require(DataIdentity("0123456789abcdef")))
  }

  static func link(_ name: String) throws -> LinkName { try #require(LinkName(name)) }

  static func tap(
    _ name: String, bridge: String, mac: UInt64, _ addresses: String..., sources: [String] = []
  ) throws -> FilterPolicy.Tap {
    FilterPolicy.Tap(
      link: try link(name), vm: "vm-\(name)", bridge: bridge, mac: MACAddress(value: 0x5254_0000_0000 + mac),
      addresses: try addresses.map { try #require(IPAddress($0)) },
      allowedSources: try sources.map { try #require(IPPrefix($0)) })
  }

  static func policy(_ name: String = "lab") throws -> FilterPolicy {
    FilterPolicy(
      scope: try scope(name),
      bridges: [
        FilterPolicy.Bridge(
          name: "lan", link: try link("lab-lan"), policy: .hostAccess,
          allowedPorts: try ["22", "53/udp", "8000-8010"].map { try #require(PortRange($0)) }),
        FilterPolicy.Bridge(
          name: "quiet", link: try link("lab-quiet"), policy: .isolated,
          allowedIPs: try ["192.0.2.0/24", "198.51.100.7", "2001:db8:7::/48", "2001:db8::7"].map {
            try #require(IPPrefix($0))
          }, allowsICMP: false),
        FilterPolicy.Bridge(name: "old", link: try link("br0"), isOurs: false, policy: .open),
      ],
      taps: [
        try tap("web", bridge: "lan", mac: 1, "10.77.0.10", "fd77::10"),
        try tap("db", bridge: "lan", mac: 2, "10.77.0.11", "fd77::11"),
        try tap("safe", bridge: "quiet", mac: 3, "10.77.1.10", "fd77:0:0:1::10"),
        try tap("gate", bridge: "old", mac: 4, "10.77.2.10", sources: ["172.16.0.0/12", "fd99::/32"]),
      ])
  }
}
