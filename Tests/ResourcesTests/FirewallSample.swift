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

  static func flow(
    _ place: Int, _ from: FilterPolicy.End, _ to: FilterPolicy.End, _ ports: String...
  ) throws -> FilterPolicy.Flow {
    FilterPolicy.Flow(
      name: "flows[\(place)]", from: from, to: to, ports: try ports.map { try #require(PortRange($0)) })
  }

  /// One of each form.
  static func flows() throws -> [FilterPolicy.Flow] {
    [
      try flow(0, .machine("vm-web"), .machine("vm-safe"), "5432"),
      try flow(1, .machine("vm-safe"), .machine("vm-db")),
      try flow(2, .bridge("lan"), .machine("vm-safe"), "8000-8010", "53/udp"),
      try flow(3, .world, .machine("vm-web"), "80", "443", "9000-9100/udp"),
      try flow(4, .machine("vm-safe"), .world, "53/udp"),
      try flow(5, .bridge("quiet"), .host, "22", "100-200"),
      try flow(6, .prefix(try #require(IPPrefix("192.0.2.0/24"))), .bridge("quiet"), "22"),
      try flow(7, .bridge("quiet"), .world, "123/udp"),
      try flow(8, .machine("vm-safe"), .bridge("lan")),
      try flow(9, .machine("vm-safe"), .prefix(try #require(IPPrefix("2001:db8:9::/48")))),
      try flow(10, .machine("vm-safe"), .host),
    ]
  }

  static func forward(
    _ place: Int, _ port: UInt16, _ transport: TransportProtocol = .tcp, at address: String? = nil, to target: UInt16,
    _ targets: String...
  ) throws -> FilterPolicy.Forward {
    FilterPolicy.Forward(
      name: "forwards[\(place)]", transport: transport, hostPort: port,
      address: try address.map { try #require(IPAddress($0)) },
      targets: try targets.map { try #require(IPAddress($0)) }, port: target)
  }

  static func forwards() throws -> [FilterPolicy.Forward] {
    [
      try forward(0, 8080, to: 80, "10.77.1.10", "fd77:0:0:1::10"),
      try forward(1, 5353, .udp, to: 53, "10.77.0.10", "fd77::10"),
      try forward(2, 8022, at: "203.0.113.2", to: 22, "10.77.0.10"),
      try forward(3, 8022, at: "2001:db8:f::2", to: 22, "fd77::10"),
      try forward(4, 9090, at: "127.0.0.1", to: 80, "10.77.0.11"),
    ]
  }

  static func policy(_ name: String = "lab") throws -> FilterPolicy {
    var policy = FilterPolicy(
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
    for (place, addresses) in [["10.77.0.1/24", "fd77::1/64"], ["10.77.1.1/24", "fd77:0:0:1::1/64"]].enumerated() {
      policy.bridges[place].addresses = try addresses.map { try #require(InterfaceAddress($0)) }
    }
    policy.flows = try flows()
    policy.forwards = try forwards()
    return policy
  }
}
