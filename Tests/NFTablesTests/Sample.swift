import Network

/// A table with every kind of set and every expression that this version writes.
enum Sample {
  static let identity = TableIdentity(.inet, "meros_sample")

  static func address(_ last: UInt8) -> Field { .address(.v4(0x0a4d_0000 | UInt32(last))) }

  static let sets: [SetDefinition] = [
    SetDefinition("links", [.link], elements: [SetElement(.link(lan), comment: "first"), SetElement(.link(dmz))]),
    SetDefinition("marks", [.mark], elements: [SetElement(.number(7))]),
    SetDefinition(
      "senders", [.link, .mac, .ipv4],
      elements: [SetElement(.link(lan), .mac(MACAddress(value: 0x5254_0000_0001)), address(10))]),
    SetDefinition(
      "plain", [.ipv4], isInterval: true,
      elements: [
        range(1, 1), range(10, 20), range(21, 30, comment: "touches the one before"),
        SetElement(from: [.address(.v4(0xffff_fff0))], through: [.address(.v4(.max))]),
        SetElement(from: [.address(.v4(0))], through: [.address(.v4(5))]),
      ]),
    SetDefinition(
      "boxes", [.ipv4, .transport, .port], isInterval: true,
      elements: [
        SetElement(
          from: [address(1), .byte(6), .port(8000)], through: [address(9), .byte(6), .port(8010)], comment: "box")
      ]),
    SetDefinition(
      "forwards", [.transport, .port], to: .fields([.ipv4, .port]),
      elements: [SetElement(.byte(6), .port(80), to: .data([10, 77, 0, 1, 31, 144, 0, 0]))]),
    SetDefinition(
      "ways", [.link], to: .verdict,
      elements: [
        SetElement(.link(lan), to: .verdict(.jump("regular"))), SetElement(.link(dmz), to: .verdict(.drop)),
      ]),
    SetDefinition(
      "targets", [.link, .mac, .neighborTarget],
      elements: [SetElement(.link(lan), .mac(MACAddress(value: 2)), .address(.v6(1)))]),
  ]

  static let chains: [Chain] = [
    Chain("base", base: Chain.Base(.filter, .forward, priority: -7, policy: .drop), rules: matches),
    Chain("regular", rules: deeds),
    Chain("nat", base: Chain.Base(.nat, .prerouting, priority: -100), rules: translations),
  ]

  static let matches: [Rule] = [
    Rule(.link(.from, in: "links"), .link(.to, in: "links", isInverted: true), .accept),
    Rule(.group(.from, 0x6d12_3456), .group(.to, 0x6d00_0000, under: 0xff00_0000, is: .notEqual), .drop),
    Rule(.kind(.from, "bridge"), .transport(6), .header(.transport, at: 2, [0, 22], is: .greaterOrEqual), .accept),
    Rule(.fields(.link(.from), .etherSource, .ipv4Source, in: "senders"), .counter, comment: "sender"),
    Rule(.fields(.ipv4Destination, .transport, .destinationPort, in: "boxes"), Statement(.verdict(.giveBack))),
    Rule(
      [.conntrack(.state, .first), .mask(.first, to: Register(5), mask: [6, 0, 0, 0], xor: [1, 0, 0, 0])]),
    Rule([.meta(.iifName, .first), .map(.first, set: "ways", into: nil)]),
    Rule([.meta(.mark, .first), .lookup(.first, set: "marks", isInverted: false), .verdict(.proceed)]),
    Rule([.load([7, 0, 0, 0], .first), .setMeta(.mark, .first)]),
    Rule([.destinationType(Register(3)), .compare(Register(3), .equal, [2, 0, 0, 0]), .verdict(.jump("regular"))]),
  ]

  static let deeds: [Rule] = [
    Rule([.limit(RateLimit(rate: 10, unit: 60, burst: 20)), .log(prefix: "meros ", level: 6)]),
    Rule(.transport(6), Statement(.reject(.tcpReset))),
    Rule([.reject(.icmpx(3))], comment: "with a comment"),
  ]

  static let translations: [Rule] = [
    Rule([
      .meta(.transport, .first), .payload(.transport, offset: 2, length: 2, Register(1)),
      .map(.first, set: "forwards", into: .first),
      .translate(Translation(isDestination: true, isIPv6: false, address: .first, port: Register(1))),
    ])
  ]

  static let table = Table(
    header: TableHeader(identity: identity, comment: "a comment"), chains: chains, sets: sets)

  private static let lan = LinkName("lan0").unsafelyPresent
  private static let dmz = LinkName("dmz").unsafelyPresent

  private static func range(_ first: UInt8, _ last: UInt8, comment: String? = nil) -> SetElement {
    SetElement(from: [address(first)], through: [address(last)], comment: comment)
  }
}

extension Optional<LinkName> {
  /// For names that are written out in the tests.
  fileprivate var unsafelyPresent: LinkName {
    guard let self else { preconditionFailure("not the name of a link") }
    return self
  }
}
