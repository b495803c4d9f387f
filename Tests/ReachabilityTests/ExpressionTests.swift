import Network
import Testing

@testable import Reachability

private let web = "10.0.0.10"
private let mail = "10.0.1.10"

/// What becomes of a packet from web to mail's port 80 where one rule accepts and the rest is dropped.
private func verdict(
  _ expressions: [Expression], sets: [SetDefinition] = [], _ packet: Packet? = nil
) throws -> String {
  let network = SmallNetwork(inet: [SmallNetwork.forward(Rule(expressions + [.verdict(.accept)]))], inetSets: sets)
  return try network.evaluator().verdict(for: packet ?? SmallNetwork.tcp(web, mail, 80), from: .machine("web")).word
}

@Test func whatNoRuleAcceptsTheChainsPolicyDecides() throws {
  #expect(try verdict([.meta(.transport, .first), .compare(.first, .equal, [17])]) == "policy of forward")
  #expect(try verdict([.meta(.transport, .first), .compare(.first, .equal, [6])]) == "passes")
}

@Test(arguments: [
  (Comparison.equal, [UInt8]([0, 80]), true), (.equal, [0, 81], false), (.notEqual, [0, 80], false),
  (.notEqual, [0, 81], true), (.less, [0, 81], true), (.less, [0, 80], false), (.lessOrEqual, [0, 80], true),
  (.lessOrEqual, [0, 79], false), (.greater, [0, 79], true), (.greater, [0, 80], false),
  (.greaterOrEqual, [0, 80], true), (.greaterOrEqual, [1, 0], false),
])
func portsAreComparedAsTheKernelComparesThem(_ comparison: Comparison, _ port: [UInt8], _ matches: Bool) throws {
  let port: [Expression] = [
    .payload(.transport, offset: 2, length: 2, .first), .compare(.first, comparison, port),
  ]
  #expect(try verdict(port) == (matches ? "passes" : "policy of forward"))
}

@Test func linksAreKnownByNameGroupAndKind() throws {
  let name = Field.link(try SmallNetwork.link("lan")).bytes
  #expect(try verdict([.meta(.iifName, .first), .compare(.first, .equal, name)]) == "passes")
  #expect(try verdict([.meta(.oifName, .first), .compare(.first, .equal, name)]) == "policy of forward")
  #expect(
    try verdict([.meta(.oifGroup, .first), .compare(.first, .equal, SmallNetwork.group.nativeBytes)]) == "passes")
  let bridge = Array("bridge".utf8) + [UInt8](repeating: 0, count: 10)
  #expect(try verdict([.meta(.iifKind, .first), .compare(.first, .equal, bridge)]) == "passes")
}

@Test func aForeignLinkHasNoneOfOurNamesAndMayHaveAnyOther() throws {
  let ours = Field.link(try SmallNetwork.link("lan")).bytes
  let theirs = Field.link(try SmallNetwork.link("eth0")).bytes
  let out = try SmallNetwork.tcp(web, "192.0.2.1", 80)
  #expect(try verdict([.meta(.oifName, .first), .compare(.first, .equal, ours)], out) == "policy of forward")
  #expect(try verdict([.meta(.oifName, .first), .compare(.first, .equal, theirs)], out) == "doubt")
  #expect(try verdict([.meta(.oifGroup, .first), .compare(.first, .equal, [0, 0, 0, 0])], out) == "passes")
  #expect(try verdict([.meta(.oifKind, .first), .compare(.first, .equal, ours)], out) == "doubt")
}

@Test func bitsAreMaskedBeforeTheyAreCompared() throws {
  let prefix: [Expression] = [
    .payload(.network, offset: 16, length: 4, .first),
    .mask(.first, to: .first, mask: [255, 255, 254, 0], xor: [0, 0, 0, 0]),
  ]
  #expect(try verdict(prefix + [.compare(.first, .equal, [10, 0, 0, 0])]) == "passes")
  #expect(try verdict(prefix + [.compare(.first, .equal, [10, 0, 2, 0])]) == "policy of forward")
}

@Test func connectionsThatBeginAreNew() throws {
  func state(_ bits: UInt32) -> [Expression] {
    [
      .conntrack(.state, .first), .mask(.first, to: .first, mask: bits.nativeBytes, xor: [0, 0, 0, 0]),
      .compare(.first, .notEqual, [0, 0, 0, 0]),
    ]
  }
  #expect(try verdict(state(8)) == "passes")
  #expect(try verdict(state(6)) == "policy of forward")
  var reply = try SmallNetwork.tcp(web, mail, 80)
  reply.state = .established
  #expect(try verdict(state(6), reply) == "passes")
  #expect(try verdict([.conntrack(.mark, .first), .compare(.first, .equal, [0, 0, 0, 0])]) == "doubt")
}

@Test func setsAreAskedByWholeKeys() throws {
  let key = Statement.fields(.ipv4Destination, .transport, .destinationPort, in: "allowed").expressions
  func set(_ elements: SetElement..., isInterval: Bool = false) -> [SetDefinition] {
    [SetDefinition("allowed", [.ipv4, .transport, .port], isInterval: isInterval, elements: Set(elements))]
  }
  let there = Field.address(try SmallNetwork.address(mail))
  #expect(try verdict(key, sets: set(SetElement(there, .byte(6), .port(80)))) == "passes")
  #expect(try verdict(key, sets: set(SetElement(there, .byte(17), .port(80)))) == "policy of forward")
  let range = SetElement(from: [there, .byte(0), .port(0)], through: [there, .byte(255), .port(80)])
  #expect(try verdict(key, sets: set(range, isInterval: true)) == "passes")
  let narrow = SetElement(from: [there, .byte(0), .port(0)], through: [there, .byte(255), .port(79)])
  #expect(try verdict(key, sets: set(narrow, isInterval: true)) == "policy of forward")
  var odd = SetElement(there, .byte(6), .port(80))
  odd.isUnknown = true
  #expect(try verdict(key, sets: set(odd)) == "altered element")
  #expect(try verdict(key, sets: []) == "missing")
}

@Test func mapsLeadToVerdictsAndChains() throws {
  let iifname: [Expression] = [.meta(.iifName, .first), .map(.first, set: "m", into: nil)]
  let lan = Field.link(try SmallNetwork.link("lan"))
  func network(_ verdict: Verdict) -> SmallNetwork {
    SmallNetwork(
      inet: [
        SmallNetwork.forward(Rule(iifname)),
        Chain("there", rules: [Rule(.counter, .accept)]), Chain("empty", rules: []),
      ],
      inetSets: [SetDefinition("m", [.link], to: .verdict, elements: [SetElement(lan, to: .verdict(verdict))])])
  }
  let packet = try SmallNetwork.tcp(web, mail, 80)
  func word(_ verdict: Verdict) throws -> String {
    try network(verdict).evaluator().verdict(for: packet, from: .machine("web")).word
  }
  #expect(try word(.accept) == "passes")
  #expect(try word(.drop) == "rule 1 of forward")
  #expect(try word(.jump("there")) == "passes")
  #expect(try word(.goto("empty")) == "policy of forward")
  #expect(try word(.jump("nowhere")) == "missing")
}

@Test func chainsReturnWhereTheyWereJumpedFrom() throws {
  func word(_ verdict: Verdict) throws -> String {
    let network = SmallNetwork(inet: [
      SmallNetwork.forward(Rule([.verdict(verdict)]), Rule(.accept)),
      Chain("side", rules: [Rule([.verdict(.giveBack)]), Rule(.drop)]),
    ])
    return try network.evaluator().verdict(for: SmallNetwork.tcp(web, mail, 80), from: .machine("web")).word
  }
  #expect(try word(.jump("side")) == "passes")
  // After a goto nothing comes back: the base chain has ended.
  #expect(try word(.goto("side")) == "policy of forward")
  #expect(try word(.goto("forward")) == "depth")
  #expect(try word(.jump("forward")) == "depth")
}

@Test func aRejectionIsNoPassage() throws {
  let network = SmallNetwork(inet: [SmallNetwork.forward(Rule([.counter, .reject(.icmpx(3))]), policy: .accept)])
  let verdict = try network.evaluator().verdict(for: SmallNetwork.tcp(web, mail, 80), from: .machine("web"))
  #expect(verdict.word == "rule 1 of forward")
}

@Test func aLimitMattersOnlyWhereSomethingDependsOnIt() throws {
  let limit = Expression.limit(RateLimit(rate: 5))
  let idle = SmallNetwork(inet: [SmallNetwork.forward(Rule([limit, .log(prefix: "x", level: 6)]), Rule(.accept))])
  #expect(try idle.evaluator().verdict(for: SmallNetwork.tcp(web, mail, 80), from: .machine("web")).passes)
  #expect(try verdict([limit]) == "doubt")
}

@Test(arguments: [
  Expression.meta(.length, .first), .meta(.priority, .first), .meta(.iif, .first), .meta(.packetType, .first),
  .other(name: "numgen", attributes: []), .payload(.link, offset: 6, length: 6, .first),
])
func whatTheEvaluatorDoesNotKnowItDoubts(_ expression: Expression) throws {
  #expect(try verdict([expression]) == "doubt")
}

@Test func aHeaderThatEndsEarlierDoesNotMatch() throws {
  #expect(try verdict([.payload(.network, offset: 24, length: 16, .first)]) == "policy of forward")
}

@Test func marksAreKeptFromRuleToRule() throws {
  let mark = UInt32(7).nativeBytes
  let network = SmallNetwork(inet: [
    SmallNetwork.forward(
      Rule([.load(mark, .first), .setMeta(.mark, .first)]),
      Rule([.meta(.mark, .first), .compare(.first, .equal, mark), .verdict(.accept)]))
  ])
  #expect(try network.evaluator().verdict(for: SmallNetwork.tcp(web, mail, 80), from: .machine("web")).passes)
}
