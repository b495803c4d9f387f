import Network
import Testing

@testable import Reachability

/// Networks of two bridges and five VMs, of which one is on both and may route for another, with rules of every form
/// and sets that name taps, addresses and pairs. The same seed makes the same network.
struct RandomNetwork {
  private var state: UInt64

  private static let addresses = [
    ["10.0.0.10/24", "10.0.0.20/24", "fd00::10/64"], ["10.0.0.11/24", "fd00::11/64"], ["10.0.0.12/24"],
    ["10.0.1.13/24", "10.0.1.23/24"],
  ]

  private init(_ seed: UInt64) { state = seed }

  private mutating func next(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(limit))
  }

  private mutating func isTrue() -> Bool { next(2) == 0 }

  static func compiled(_ seed: UInt64) throws -> CompiledNetwork {
    var random = RandomNetwork(seed)
    return try random.compiled()
  }

  private mutating func compiled() throws -> CompiledNetwork {
    let bridges = try [("lan", ["10.0.0.1/24", "fd00::1/64"]), ("dmz", ["10.0.1.1/24"])].map { name, addresses in
      CompiledNetwork.Bridge(
        link: try SmallNetwork.link(name), name: name, group: SmallNetwork.group,
        addresses: try addresses.map { try #require(InterfaceAddress($0)) }, answersForPorts: isTrue())
    }
    var machines = try Self.addresses.enumerated().map { number, addresses in
      CompiledNetwork.Machine(
        name: "m\(number)",
        interfaces: [try interface("t\(number)", number, number < 3 ? bridges[0] : bridges[1], addresses)])
    }
    machines.append(
      CompiledNetwork.Machine(
        name: "m4",
        interfaces: [
          try interface("t4a", 4, bridges[0], ["10.0.0.14/24", "fd00::14/64"]),
          try interface("t4b", 5, bridges[1], ["10.0.1.14/24"]),
        ]))
    switch next(3) {
    case 0: machines[1].interfaces[0].gateways = [try SmallNetwork.address("10.0.0.14")]
    case 1: machines[2].interfaces[0].gateways = []
    default: break
    }
    let taps = machines.flatMap(\.interfaces).map { interface in
      CompiledNetwork.Tap(
        link: interface.tap, group: SmallNetwork.group,
        master: interface.addresses[0].prefix == bridges[0].addresses[0].prefix ? bridges[0].link : bridges[1].link,
        isIsolated: isTrue())
    }
    return CompiledNetwork(tables: try tables(machines), bridges: bridges, taps: taps, machines: machines)
  }

  private func interface(
    _ tap: String, _ number: Int, _ bridge: CompiledNetwork.Bridge, _ addresses: [String]
  ) throws -> CompiledNetwork.Interface {
    CompiledNetwork.Interface(
      tap: try SmallNetwork.link(tap), mac: MACAddress(value: 0x5254_0000_0001 + UInt64(number)),
      addresses: try addresses.map { try #require(InterfaceAddress($0)) }, gateways: bridge.addresses.map(\.address))
  }

  private mutating func tables(_ machines: [CompiledNetwork.Machine]) throws -> [Table] {
    let interfaces = machines.flatMap(\.interfaces)
    let stations = interfaces.flatMap(\.addresses).map(\.address).filter { $0.family == .v4 }
    func some(_ random: inout RandomNetwork) -> IPAddress { stations[random.next(stations.count)] }
    var flows: Set<SetElement> = []
    var pairs: Set<SetElement> = []
    for _ in 0..<4 {
      flows.insert(
        SetElement(.address(some(&self)), .address(some(&self)), .byte(isTrue() ? 6 : 17), .port(UInt16(next(30)))))
      pairs.insert(SetElement(.address(some(&self)), .address(some(&self))))
    }
    let (low, high) = (UInt16(next(10)), UInt16(15 + next(10)))
    let ranges: Set<SetElement> = [
      SetElement(
        from: [.address(try SmallNetwork.address("10.0.0.11")), .byte(6), .port(low)],
        through: [.address(try SmallNetwork.address("10.0.1.13")), .byte(17), .port(high)])
    ]
    let inet = Table(
      header: TableHeader(identity: TableIdentity(.inet, "t"), comment: nil),
      chains: [
        SmallNetwork.forward(
          Rule(Statement(.meta(.familyNumber, .first), .compare(.first, .equal, [2])), .goto("rest")),
          policy: isTrue() ? .drop : .accept),
        Chain("rest", rules: rules(stations)),
        Chain("input", base: Chain.Base(.filter, .input, priority: 0, policy: .accept), rules: [inputRule()]),
      ],
      sets: [
        SetDefinition("flows", [.ipv4, .ipv4, .transport, .port], elements: flows),
        SetDefinition("pairs", [.ipv4, .ipv4], elements: pairs),
        SetDefinition("ranges", [.ipv4, .transport, .port], isInterval: true, elements: ranges),
        SetDefinition("links", [.link], elements: [SetElement(.link(try SmallNetwork.link(isTrue() ? "lan" : "dmz")))]),
      ])
    var senders: Set<SetElement> = []
    for interface in interfaces {
      for address in interface.addresses.map(\.address) where address.family == .v4 && next(5) > 0 {
        senders.insert(SetElement(.link(interface.tap), .mac(interface.mac), .address(address)))
      }
    }
    let server = Statement.header(.transport, at: 0, [0, 67])
    let frames = Table(
      header: TableHeader(identity: TableIdentity(.bridge, "t"), comment: nil),
      chains: [
        Chain(
          "guard", base: Chain.Base(.filter, .prerouting, priority: -200),
          rules: [
            Rule(.transport(17), server, .drop),
            Rule(
              Statement(.meta(.protocolNumber, .first), .compare(.first, .equal, [8, 0])),
              .fields(.link(.from), .etherSource, .ipv4Source, in: "senders", isInverted: true), .drop),
          ])
      ], sets: [SetDefinition("senders", [.link, .mac, .ipv4], elements: senders)])
    return [inet, frames]
  }

  private mutating func inputRule() -> Rule {
    Rule(.transport(6), .header(.transport, at: 2, [0, UInt8(next(30))], is: isTrue() ? .less : .equal), .drop)
  }

  private mutating func rules(_ stations: [IPAddress]) -> [Rule] {
    (0..<7).map { _ in
      let verdict = isTrue() ? Statement.accept : .drop
      switch next(7) {
      case 0: return Rule(.fields(.ipv4Source, .ipv4Destination, .transport, .destinationPort, in: "flows"), verdict)
      case 1: return Rule(.fields(.ipv4Source, .ipv4Destination, in: "pairs"), verdict)
      case 2: return Rule(.fields(.ipv4Destination, .transport, .destinationPort, in: "ranges"), verdict)
      case 3: return Rule(.link(isTrue() ? .from : .to, in: "links"), verdict)
      case 4:
        let comparison = [Comparison.less, .greater, .equal, .notEqual][next(4)]
        return Rule(.transport(6), .header(.transport, at: 0, [4, 0], is: comparison), verdict)
      case 5: return Rule(.header(.network, at: 12, stations[next(stations.count)].bytes), verdict)
      default: return Rule(.transport(17), .header(.transport, at: 2, [0, UInt8(next(30))], is: .greater), verdict)
      }
    }
  }
}
