import Network

/// The chains that see frames on bridges: nothing passes from a tap but what its VM may send from, and nothing to a
/// tap that no set knows.
struct GuardChains {
  private let group: UInt32

  init(group: UInt32) { self.group = group }

  var all: [Chain] { [prerouting, guardFrom, arp, ip4, ip6, postrouting, guardTo] }

  private var prerouting: Chain {
    Chain(
      "prerouting", base: Chain.Base(.filter, .prerouting, priority: -200),
      rules: [Rule(.group(.from, group), .goto("guard_from"))])
  }

  private var guardFrom: Chain {
    Chain(
      "guard_from",
      rules: [
        Rule(
          .fields(.link(.from), .etherSource, in: GuardSetName.mac, isInverted: true), .counter, .drop,
          comment: "mac"),
        Rule(.isARP, .goto("guard_arp")),
        Rule(.isIPv4Frame, .goto("guard_ip4")),
        Rule(.isIPv6Frame, .goto("guard_ip6")),
        Rule(.counter, .drop, comment: "ethertype"),
      ])
  }

  private var arp: Chain {
    // Ethernet and IPv4 with their lengths; then, for a probe, a request from no address.
    let protocols = Statement.header(.network, at: 0, [0, 1, 8, 0])
    let sender = Statement.Part.payload(.network, offset: 8, length: 6)
    let address = Statement.Part.payload(.network, offset: 14, length: 4)
    return Chain(
      "guard_arp",
      rules: [
        Rule(
          .isARP, protocols, .header(.network, at: 4, [6, 4]),
          .fields(.link(.from), sender, address, in: GuardSetName.source4),
          .accept),
        Rule(
          .isARP, protocols, .header(.network, at: 4, [6, 4, 0, 1]), .header(.network, at: 14, [0, 0, 0, 0]),
          .fields(.link(.from), sender, in: GuardSetName.mac), .accept, comment: "arp probe"),
        Rule(.counter, .drop, comment: "arp"),
      ])
  }

  /// No flow admits every protocol between these two.
  private func isForbidden(
    _ family: IPAddress.Family, from source: Statement.Part, to destination: Statement.Part
  ) -> Statement {
    let sets = FlowSetName(family).exemptPing
    return Statement(
      [sets.exact, sets.range].flatMap {
        Statement.fields(source, destination, in: $0, isInverted: true).expressions
      })
  }

  private var ip4: Chain {
    Chain(
      "guard_ip4",
      rules: [
        Rule(.isIPv4Frame, .isUDP, .header(.transport, at: 0, [0, 67]), .counter, .drop, comment: "dhcp server"),
        Rule(
          .link(.from, in: GuardSetName.ping, isInverted: true), .isIPv4Frame, .isICMP,
          .icmpType(in: GuardSetName.requests4), isForbidden(.v4, from: .ipv4Source, to: .ipv4Destination), .counter,
          .drop, comment: "ping"),
        Rule(.isIPv4Packet, .fields(.link(.from), .etherSource, .ipv4Source, in: GuardSetName.source4), .accept),
        Rule(.isIPv4Packet, .fields(.link(.from), .etherSource, .ipv4Source, in: GuardSetName.source4Ranges), .accept),
        // From 0.0.0.0 to 255.255.255.255, from port 68 to 67.
        Rule(
          .isIPv4Packet, .header(.network, at: 12, [0, 0, 0, 0]),
          .header(.network, at: 16, [255, 255, 255, 255]), .isUDP,
          .header(.transport, at: 0, [0, 68, 0, 67]), .accept, comment: "dhcp client"),
        Rule(.counter, .drop, comment: "ip4"),
      ])
  }

  private var ip6: Chain {
    let target = Statement.Part.payload(.transport, offset: 8, length: 16)
    let linkLocal: [UInt8] = [0xfe, 0x80, 0, 0, 0, 0, 0, 0]
    return Chain(
      "guard_ip6",
      rules: [
        Rule(
          .isIPv6Frame, .isICMP6, .icmpType(in: GuardSetName.routerTypes), .counter, .drop, comment: "router"),
        Rule(.isIPv6Frame, .isUDP, .header(.transport, at: 0, [2, 35]), .counter, .drop, comment: "dhcp6 server"),
        Rule(
          .link(.from, in: GuardSetName.ping, isInverted: true), .isIPv6Frame, .isICMP6,
          .icmpType(in: GuardSetName.requests6), isForbidden(.v6, from: .ipv6Source, to: .ipv6Destination), .counter,
          .drop, comment: "ping"),
        Rule(
          .isIPv6Frame, .isICMP6, .icmpType(136), .header(.transport, at: 8, linkLocal, is: .notEqual),
          .fields(.link(.from), .etherSource, target, in: GuardSetName.neighbor, isInverted: true), .counter, .drop,
          comment: "neighbour"),
        // Asked whether anybody has the address, the host would say that it answers for it.
        Rule(
          .link(.from, in: GuardSetName.apart), .isIPv6Packet,
          .header(.network, at: 8, [UInt8](repeating: 0, count: 16)),
          .isICMP6, .icmpType(135), .counter, .drop, comment: "duplicate address"),
        Rule(.isIPv6Packet, .fields(.link(.from), .etherSource, .ipv6Source, in: GuardSetName.source6), .accept),
        Rule(.isIPv6Packet, .header(.network, at: 8, linkLocal), .accept, comment: "link-local"),
        Rule(.isIPv6Packet, .fields(.link(.from), .etherSource, .ipv6Source, in: GuardSetName.source6Ranges), .accept),
        Rule(
          .isIPv6Packet, .header(.network, at: 8, [UInt8](repeating: 0, count: 16)), .isICMP6,
          .icmpType(in: GuardSetName.unspecifiedTypes), .accept, comment: "no address yet"),
        Rule(.counter, .drop, comment: "ip6"),
      ])
  }

  private var postrouting: Chain {
    Chain(
      "postrouting", base: Chain.Base(.filter, .postrouting, priority: -200),
      rules: [Rule(.group(.to, group), .goto("guard_to"))])
  }

  private var guardTo: Chain {
    Chain(
      "guard_to",
      rules: [Rule(.link(.to, in: GuardSetName.taps), .accept), Rule(.counter, .drop, comment: "unknown tap")])
  }
}
