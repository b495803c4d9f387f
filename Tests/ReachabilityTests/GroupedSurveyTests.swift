import Network
import Testing

@testable import Reachability

/// What is found of groups of VMs, over all ports at once, must be what packets find one by one.
struct GroupedSurveyTests {
  private static let ports: [UInt16] = [3, 8, 17, 22, 443]

  private func compare(_ reach: Reach, _ found: PlainSurvey.Found, _ traffic: Traffic, _ port: UInt16, _ what: String) {
    let one = PortSet(port...port)
    let said = PlainSurvey.Found(
      isPossible: reach.possible[.v4, traffic].contains(one), isCertain: reach.certain[.v4, traffic].contains(one))
    #expect(said == found, "\(what) \(traffic)/\(port)")
  }

  @Test(arguments: UInt64(1)...12)
  func groupsAreWhatTheirMachinesAre(_ seed: UInt64) throws {
    let network = try RandomNetwork.compiled(seed)
    let reachability = Reachability(network)
    let plain = PlainSurvey(network)
    let names = network.machines.map(\.name)
    let outside = try ["192.0.2.7", "9.9.9.9"].map { try SmallNetwork.address($0) }
    for from in names {
      for (traffic, isTCP) in [(Traffic.tcp, true), (.udp, false)] {
        for port in Self.ports {
          for to in names where to != from {
            let targets = (reachability.addresses[to] ?? []).filter { $0.family == .v4 }
            compare(
              reachability.reach(from: from, to: to), plain.ask(from, to: .machine(to), targets, isTCP, port), traffic,
              port, "\(from) -> \(to)")
          }
          for address in outside {
            let part = try #require(
              reachability.reachOfWorld(from: from).parts.first {
                $0.family == .v4 && $0.range.contains(address.value)
              })
            compare(
              part.reach, plain.ask(from, to: .world, [address], isTCP, port), traffic, port, "\(from) -> \(address)")
          }
        }
      }
    }
  }

  /// Everything may be forwarded; what leaves web by its first address alone may leave at all.
  private func withTwoAddresses(_ rules: Rule...) throws -> CompiledNetwork {
    var network = try SmallNetwork(
      inet: [Chain("forward", base: Chain.Base(.filter, .forward, priority: 0, policy: .drop), rules: rules)]
    ).compiled()
    network.machines[0].interfaces[0].addresses.append(try #require(InterfaceAddress("10.0.0.20/24")))
    return network
  }

  @Test func certainIsWhatEveryAddressMay() throws {
    let network = try withTwoAddresses(Rule(.header(.network, at: 12, [10, 0, 0, 10]), .accept))
    let reachability = Reachability(network)
    let world = try #require(reachability.reachOfWorld(from: "web").parts.first { $0.family == .v4 }?.reach)
    #expect(world.possible[.v4, .tcp].isAll && world.certain[.v4, .tcp].isEmpty)
    let mail = reachability.reach(from: "web", to: "mail")
    #expect(mail.possible[.v4, .tcp].isAll && mail.certain[.v4, .tcp].isEmpty)
    let both = try withTwoAddresses(Rule(.header(.network, at: 12, [10, 0, 0]), .accept))
    let open = try #require(Reachability(both).reachOfWorld(from: "web").parts.first { $0.family == .v4 }?.reach)
    #expect(open.certain[.v4, .tcp].isAll)
  }

  @Test func certainIsWhatReachesEveryAddress() throws {
    let network = try withTwoAddresses(Rule(.header(.network, at: 16, [10, 0, 0, 10]), .accept))
    let reachability = Reachability(network)
    let world = try #require(reachability.reachFromWorld(to: "web").parts.first { $0.family == .v4 }?.reach)
    #expect(world.possible[.v4, .tcp].isAll && world.certain[.v4, .tcp].isEmpty)
    let mail = reachability.reach(from: "mail", to: "web")
    #expect(mail.possible[.v4, .tcp].isAll && mail.certain[.v4, .tcp].isEmpty)
  }

  @Test func certainIsWhatEveryPortOfTheSenderMay() throws {
    func reach(_ rules: Rule...) throws -> Reach {
      let chain = Chain("forward", base: Chain.Base(.filter, .forward, priority: 0, policy: .drop), rules: rules)
      return Reachability(try SmallNetwork(inet: [chain]).compiled()).reach(from: "web", to: "mail")
    }
    let low = try reach(Rule(.header(.transport, at: 0, [4, 0], is: .less), .accept))
    #expect(low.possible[.v4, .tcp].isAll && low.certain[.v4, .tcp].isEmpty)
    let parts = try reach(
      Rule(.header(.transport, at: 0, [4, 0], is: .less), .accept),
      Rule(.header(.transport, at: 0, [4, 0], is: .greaterOrEqual), .accept))
    #expect(parts.certain[.v4, .tcp].isAll && parts.certain[.v4, .udp].isAll)
    // Nobody but servers of DHCP sends from their ports.
    let clients = try reach(
      Rule(.transport(17), .header(.transport, at: 0, [0, 67]), .drop), Rule(.accept))
    #expect(clients.certain[.v4, .udp].isAll && clients.possible[.v4, .udp].isAll)
  }

  @Test func whereThereIsNoRouteNothingIsCertain() throws {
    var network = try SmallNetwork().compiled()
    network.machines[0].interfaces[0].gateways = []
    let reach = Reachability(network).reach(from: "web", to: "mail")
    // It may take the host for its neighbour all the same.
    #expect(reach.possible[.v4, .tcp].isAll && reach.certain.isEmpty && reach.obstacle == .noRoute("web"))
  }

  @Test func theWayBackOverTheBridgeEndsAtThePortThatItCameFrom() throws {
    var network = try forwarding(to: "10.0.0.10").compiled()
    func verdict(_ name: String, _ hasBridgeFilter: Bool) throws -> PacketVerdict {
      let source = try #require(SmallNetwork.machines.first { $0.name == name }?.addresses[0].split(separator: "/")[0])
      let packet = try SmallNetwork.tcp(String(source), "10.0.0.1", 8080)
      return Evaluator(network).verdict(for: packet, from: .machine(name), hasBridgeFilter: hasBridgeFilter)
    }
    for name in ["web", "db", "mail"] { #expect(try verdict(name, false).passes) }
    #expect(try verdict("web", true) == .blocked(.samePort(network.taps[0].link)))
    #expect(try verdict("db", true).passes && verdict("mail", true).passes)
    for index in network.taps.indices { network.taps[index].isIsolated = true }
    #expect(try verdict("db", false).passes && verdict("mail", true).passes)
    #expect(try verdict("db", true) == .blocked(.isolatedPorts(network.taps[1].link, network.taps[0].link)))
    let reach = Reachability(network).reach(from: "db", to: "web")
    #expect(reach.possible[.v4, .tcp].contains(PortSet(80...80)))
    #expect(!reach.certain[.v4, .tcp].contains(PortSet(80...80)))
  }
}

/// A port of the host that leads to a VM, whoever asks.
private func forwarding(to address: String) throws -> SmallNetwork {
  let rule = Rule([
    .destinationType(.first), .compare(.first, .equal, UInt32(2).nativeBytes),
    .meta(.transport, .first), .payload(.transport, offset: 2, length: 2, Register(1)),
    .map(.first, set: "forwards", into: .first),
    .translate(Translation(isDestination: true, isIPv6: false, address: .first, port: Register(1))),
  ])
  let to = Field.address(try SmallNetwork.address(address)).bytes + [0, 80, 0, 0]
  return SmallNetwork(
    inet: [Chain("nat", base: Chain.Base(.nat, .prerouting, priority: -100), rules: [rule])],
    inetSets: [
      SetDefinition(
        "forwards", [.transport, .port], to: .fields([.ipv4, .port]),
        elements: [SetElement(.byte(6), .port(8080), to: .data(to))])
    ])
}
