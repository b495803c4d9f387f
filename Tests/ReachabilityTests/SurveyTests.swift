import Network
import Testing

@testable import Reachability

/// Rules of every form over ports, addresses and links: what a survey finds must be what packets find one by one.
private func mixedNetwork(_ seed: UInt64) throws -> SmallNetwork {
  var random = seed
  func next(_ limit: UInt64) -> UInt64 {
    random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (random >> 33) % limit
  }
  func port() -> UInt16 { UInt16(next(40)) }
  let addresses = try ["10.0.0.10", "10.0.0.11", "10.0.1.10", "192.0.2.7"].map { try SmallNetwork.address($0) }
  let keys = SetDefinition(
    "keys", [.ipv4, .transport, .port],
    elements: Set(
      (0..<6).map { _ in SetElement(.address(addresses[Int(next(4))]), .byte(next(2) == 0 ? 6 : 17), .port(port())) }))
  var ranges: Set<SetElement> = []
  for base in stride(from: UInt16(0), to: 40, by: 10) where next(2) == 0 {
    let (first, last) = (base + UInt16(next(4)), base + 4 + UInt16(next(5)))
    let whole = next(2) == 0
    ranges.insert(
      SetElement(
        from: [.address(addresses[whole ? 0 : 2]), .byte(6), .port(first)],
        through: [.address(addresses[2]), .byte(17), .port(last)]))
  }
  let rules: [Rule] = (0..<8).map { _ in
    let verdict = next(2) == 0 ? Statement.accept : .drop
    switch next(6) {
    case 0: return Rule(.fields(.ipv4Destination, .transport, .destinationPort, in: "keys"), verdict)
    case 1: return Rule(.fields(.ipv4Destination, .transport, .destinationPort, in: "ranges"), verdict)
    case 2:
      let comparison = [Comparison.less, .lessOrEqual, .greater, .greaterOrEqual, .notEqual, .equal][Int(next(6))]
      return Rule(.transport(6), .header(.transport, at: 2, [0, UInt8(port())], is: comparison), verdict)
    case 3: return Rule(.header(.network, at: 16, [10, 0, UInt8(next(2))]), .transport(17), verdict)
    case 4: return Rule(.fields(.ipv4Destination, .transport, .destinationPort, in: "keys", isInverted: true), verdict)
    default: return Rule(.header(.network, at: 12, Array(addresses[Int(next(2))].bytes.prefix(4))), verdict)
    }
  }
  let isIPv4 = Statement(.meta(.familyNumber, .first), .compare(.first, .equal, [2]))
  return SmallNetwork(
    inet: [
      Chain(
        "forward", base: Chain.Base(.filter, .forward, priority: 0, policy: next(2) == 0 ? .drop : .accept),
        rules: [Rule(isIPv4, .goto("rest"))]),
      Chain("rest", rules: rules),
    ],
    inetSets: [
      keys, SetDefinition("ranges", [.ipv4, .transport, .port], isInterval: true, elements: ranges),
    ])
}

@Test(arguments: UInt64(1)...20)
func aSurveyFindsWhatPacketsFindOneByOne(_ seed: UInt64) throws {
  let network = try mixedNetwork(seed).compiled()
  let reachability = Reachability(network)
  let evaluator = Evaluator(network)
  for (from, source) in [("web", "10.0.0.10"), ("db", "10.0.0.11")] {
    let pair = reachability.reach(from: from, to: "mail")
    let world = reachability.reachOfWorld(from: from)
    for port in UInt16(0)...45 {
      for (traffic, isTCP) in [(Traffic.tcp, true), (.udp, false)] {
        func packet(_ to: String) throws -> Packet {
          Packet(
            from: try SmallNetwork.address(source), to: try SmallNetwork.address(to),
            isTCP ? .tcp(from: 50_000, to: port) : .udp(from: 50_000, to: port))
        }
        let passes = evaluator.verdict(for: try packet("10.0.1.10"), from: .machine(from)).passes
        #expect(pair.certain[.v4, traffic].contains(PortSet(port...port)) == passes)
        #expect(pair.possible[.v4, traffic].contains(PortSet(port...port)) == passes)
        for address in ["192.0.2.7", "192.0.2.8", "8.8.8.8"] {
          let value = try SmallNetwork.address(address).value
          let part = try #require(world.parts.first { $0.family == .v4 && $0.range.contains(value) })
          let goesOut = evaluator.verdict(for: try packet(address), from: .machine(from)).passes
          #expect(part.reach.certain[.v4, traffic].contains(PortSet(port...port)) == goesOut)
        }
      }
    }
  }
}

@Test func portSetsAreKeptWithoutOverlap() {
  var ports = PortSet(10...20)
  ports.insert(21...30)
  ports.insert(5...12)
  ports.insert(100...100)
  #expect(ports.description == "5-30,100")
  #expect(ports.subtracting(PortSet(8...9)).description == "5-7,10-30,100")
  #expect(ports.intersection(PortSet(30...200)).description == "30,100")
  #expect(PortSet.all.subtracting(PortSet(0...65534)).description == "65535")
  #expect(PortSet.all.isAll && PortSet.none.isEmpty && ports.contains(PortSet(6...29)))
}
