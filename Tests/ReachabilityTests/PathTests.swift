import Network
import Testing

@testable import Reachability

private let toDB = ("10.0.0.10", "10.0.0.11")

/// A chain that drops everything at one hook, and nothing else.
private func closed(_ hook: Chain.Hook) -> Chain {
  Chain("closed", base: Chain.Base(.filter, hook, priority: 0), rules: [Rule(.counter, .drop)])
}

@Test(arguments: [Chain.Hook.prerouting, .forward, .postrouting])
func framesBetweenPortsPassTheHooksOfTheirBridge(_ hook: Chain.Hook) throws {
  let network = SmallNetwork(frames: [closed(hook)])
  let verdict = try network.evaluator().verdict(for: SmallNetwork.tcp(toDB.0, toDB.1, 80), from: .machine("web"))
  #expect(verdict.word == "rule 1 of closed")
}

@Test func onlyTheBridgeFilterShowsTablesOfPacketsWhatStaysOnABridge() throws {
  let network = SmallNetwork(inet: [closed(.forward)])
  let evaluator = try network.evaluator()
  let packet = try SmallNetwork.tcp(toDB.0, toDB.1, 80)
  #expect(evaluator.verdict(for: packet, from: .machine("web"), hasBridgeFilter: false).passes)
  #expect(!evaluator.verdict(for: packet, from: .machine("web"), hasBridgeFilter: true).passes)
  #expect(evaluator.verdict(for: packet, from: .machine("web")) == .undecided(.bridgeFilter))
}

@Test func isolatedPortsReachTheHostAndNotEachOther() throws {
  var network = try SmallNetwork().compiled()
  for index in network.taps.indices { network.taps[index].isIsolated = true }
  let evaluator = Evaluator(network)
  let neighbor = try SmallNetwork.tcp(toDB.0, toDB.1, 80)
  #expect(evaluator.verdict(for: neighbor, from: .machine("web")).word == "isolated ports")
  #expect(evaluator.verdict(for: try SmallNetwork.tcp("10.0.0.10", "10.0.0.1", 80), from: .machine("web")).passes)
  #expect(evaluator.verdict(for: try SmallNetwork.tcp("10.0.0.10", "10.0.1.10", 80), from: .machine("web")).passes)
  // One alone does not stop it.
  network.taps[1].isIsolated = false
  #expect(Evaluator(network).verdict(for: neighbor, from: .machine("web")).passes)
}

@Test func aBridgeThatAnswersForItsPortsRoutesBetweenThem() throws {
  var network = try SmallNetwork(inet: [closed(.forward)]).compiled()
  for index in network.taps.indices { network.taps[index].isIsolated = true }
  network.bridges[0].answersForPorts = true
  let verdict = Evaluator(network).verdict(for: try SmallNetwork.tcp(toDB.0, toDB.1, 80), from: .machine("web"))
  #expect(verdict.word == "rule 1 of closed")
}

@Test(arguments: [
  ("10.0.0.10", "10.0.0.1", Party.host), ("10.0.0.10", "10.0.1.1", .host), ("10.0.0.10", "10.0.1.10", .machine("mail")),
  ("10.0.0.10", "192.0.2.1", .world), ("fd00::10", "fd00:0:0:1::10", .machine("mail")),
  ("fd00::10", "2001:db8::1", .world), ("fd00::10", "fd00::11", .machine("db")),
])
func packetsArriveWhereTheyAreSent(_ from: String, _ to: String, _ party: Party) throws {
  let verdict = try SmallNetwork().evaluator().verdict(for: SmallNetwork.tcp(from, to, 80), from: .machine("web"))
  guard case .passes(let arrival) = verdict else {
    Issue.record("\(verdict)")
    return
  }
  #expect(arrival.party == party && arrival.port == 80 && !arrival.isTranslated)
}

@Test func theHostAndTheWorldReachMachinesByTheirOwnHooks() throws {
  let toWeb = try SmallNetwork.tcp("192.0.2.1", "10.0.0.10", 80)
  let fromHost = try SmallNetwork.tcp("10.0.0.1", "10.0.0.10", 80)
  let open = try SmallNetwork().evaluator()
  #expect(open.verdict(for: toWeb, from: .world).passes && open.verdict(for: fromHost, from: .host).passes)
  let forwarding = try SmallNetwork(inet: [closed(.forward)]).evaluator()
  #expect(!forwarding.verdict(for: toWeb, from: .world).passes && forwarding.verdict(for: fromHost, from: .host).passes)
  let output = try SmallNetwork(inet: [closed(.output)]).evaluator()
  #expect(output.verdict(for: toWeb, from: .world).passes && !output.verdict(for: fromHost, from: .host).passes)
  let frames = try SmallNetwork(frames: [closed(.postrouting)]).evaluator()
  #expect(!frames.verdict(for: toWeb, from: .world).passes && !frames.verdict(for: fromHost, from: .host).passes)
}

@Test func withoutForwardingNothingIsRouted() throws {
  var network = try SmallNetwork().compiled()
  network.forwarding.ipv4 = false
  let evaluator = Evaluator(network)
  let routed = try SmallNetwork.tcp("10.0.0.10", "10.0.1.10", 80)
  #expect(evaluator.verdict(for: routed, from: .machine("web")) == .blocked(.forwardingIsOff(.v4)))
  #expect(evaluator.verdict(for: try SmallNetwork.tcp(toDB.0, toDB.1, 80), from: .machine("web")).passes)
}

@Test func aTapThatIsDownOrNoPortIsNoWay() throws {
  var network = try SmallNetwork().compiled()
  network.taps[1].isUp = false
  let packet = try SmallNetwork.tcp(toDB.0, toDB.1, 80)
  let unplugged = PacketVerdict.blocked(.unplugged(network.taps[1].link))
  #expect(Evaluator(network).verdict(for: packet, from: .machine("web")) == unplugged)
  network.taps[1].isUp = true
  network.taps[1].master = nil
  #expect(Evaluator(network).verdict(for: packet, from: .host) != .blocked(.forwardingIsOff(.v4)))
  #expect(!Evaluator(network).verdict(for: packet, from: .machine("web")).passes)
}

/// mail's only way is db, which routes for it.
private func withRouter(_ frames: [Chain] = []) throws -> CompiledNetwork {
  var network = try SmallNetwork(frames: frames).compiled()
  network.machines[0].interfaces[0].gateways = [try SmallNetwork.address("10.0.0.11")]
  return network
}

@Test func aMachineThatRoutesIsPassedThrough() throws {
  let out = try SmallNetwork.tcp("10.0.0.10", "192.0.2.1", 80)
  guard case .passes(let arrival) = Evaluator(try withRouter()).verdict(for: out, from: .machine("web")) else {
    Issue.record("it does not pass")
    return
  }
  #expect(arrival.party == .world)
  // The router's own guard decides on what it sends on: with web's address, or else with its own.
  func guarded(_ sources: String...) throws -> [Chain] {
    let rules = try sources.map { source in
      Rule(
        .header(.network, at: 12, try SmallNetwork.address(source).bytes),
        Statement(.meta(.iifName, .first), .compare(.first, .equal, Field.link(try SmallNetwork.link("t-db")).bytes)),
        .accept)
    }
    let web = Statement(
      .meta(.iifName, .first), .compare(.first, .equal, Field.link(try SmallNetwork.link("t-web")).bytes))
    return [
      Chain(
        "guard", base: Chain.Base(.filter, .prerouting, priority: -200, policy: .drop),
        rules: [Rule(web, .accept)] + rules)
    ]
  }
  #expect(!Evaluator(try withRouter(guarded())).verdict(for: out, from: .machine("web")).passes)
  #expect(Evaluator(try withRouter(guarded("10.0.0.10"))).verdict(for: out, from: .machine("web")).passes)
  #expect(Evaluator(try withRouter(guarded("10.0.0.11"))).verdict(for: out, from: .machine("web")).passes)
}

@Test func routesThatLeadInACircleEnd() throws {
  var network = try SmallNetwork().compiled()
  network.machines[0].interfaces[0].gateways = [try SmallNetwork.address("10.0.0.11")]
  network.machines[1].interfaces[0].gateways = [try SmallNetwork.address("10.0.0.10")]
  let verdict = Evaluator(network).verdict(
    for: try SmallNetwork.tcp("10.0.0.10", "192.0.2.1", 80), from: .machine("web"))
  #expect(!verdict.passes)
}

/// A port of the host that leads to mail, or to somebody else.
private func forwarding(_ hook: Chain.Hook, to target: String = "10.0.1.10") throws -> SmallNetwork {
  let rule = Rule([
    .destinationType(.first), .compare(.first, .equal, UInt32(2).nativeBytes),
    .meta(.transport, .first), .payload(.transport, offset: 2, length: 2, Register(1)),
    .map(.first, set: "forwards", into: .first),
    .translate(Translation(isDestination: true, isIPv6: false, address: .first, port: Register(1))),
  ])
  let to = Field.address(try SmallNetwork.address(target)).bytes + [0, 80, 0, 0]
  return SmallNetwork(
    inet: [Chain("nat", base: Chain.Base(.nat, hook, priority: -100), rules: [rule])],
    inetSets: [
      SetDefinition(
        "forwards", [.transport, .port], to: .fields([.ipv4, .port]),
        elements: [SetElement(.byte(6), .port(8080), to: .data(to))])
    ])
}

@Test func aTranslatedPacketArrivesElsewhere() throws {
  let world = try forwarding(.prerouting).evaluator()
  let packet = try SmallNetwork.tcp("192.0.2.1", "10.0.0.1", 8080)
  guard case .passes(let arrival) = world.verdict(for: packet, from: .world) else {
    Issue.record("it does not pass")
    return
  }
  #expect(arrival.party == .machine("mail") && arrival.port == 80 && arrival.isTranslated)
  guard case .passes(let other) = world.verdict(for: try SmallNetwork.tcp("192.0.2.1", "10.0.0.1", 8081), from: .world)
  else {
    Issue.record("it does not pass")
    return
  }
  #expect(other.party == .host && !other.isTranslated)
  var host = try forwarding(.output).compiled()
  let local = try SmallNetwork.tcp("127.0.0.1", "10.0.0.1", 8080)
  #expect(Evaluator(host).verdict(for: local, from: .host) == .blocked(.loopbackStays))
  host.bridges[1].routesLoopback = true
  guard case .passes(let led) = Evaluator(host).verdict(for: local, from: .host) else {
    Issue.record("it does not pass")
    return
  }
  #expect(led.party == .machine("mail"))
}

@Test func whatIsLedBackToItsBridgeIsPassedOnByTheBridgeItself() throws {
  var network = try forwarding(.prerouting, to: "10.0.0.11").compiled()
  let packet = try SmallNetwork.tcp("10.0.0.10", "10.0.0.1", 8080)
  func word(from machine: String, _ source: String = "10.0.0.10", hasBridgeFilter: Bool) throws -> String {
    let packet = try SmallNetwork.tcp(source, "10.0.0.1", 8080)
    return Evaluator(network).verdict(for: packet, from: .machine(machine), hasBridgeFilter: hasBridgeFilter).word
  }
  #expect(Evaluator(network).verdict(for: packet, from: .machine("web")).passes)
  // A bridge sends nothing by the port that it came from.
  #expect(try word(from: "db", "10.0.0.11", hasBridgeFilter: false) == "passes")
  #expect(try word(from: "db", "10.0.0.11", hasBridgeFilter: true) == "same port")
  for index in network.taps.indices { network.taps[index].isIsolated = true }
  #expect(try word(from: "web", hasBridgeFilter: false) == "passes")
  #expect(try word(from: "web", hasBridgeFilter: true) == "isolated ports")
}
