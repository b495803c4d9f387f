import Network
import Testing

@testable import Reachability

private func accept(_ statements: Statement...) -> Rule { Rule((statements + [.accept]).flatMap(\.expressions)) }

private let isIPv4 = Statement(.meta(.familyNumber, .first), .compare(.first, .equal, [2]))
private let toMail = Statement(
  isIPv4.expressions + Statement.header(.network, at: 16, [10, 0, 1, 10]).expressions)
private let port80 = Statement.header(.transport, at: 2, [0, 80])

/// Forwarding is closed but for these, and so is what crosses a bridge.
private func matrix(_ rules: Rule...) throws -> [String] {
  let isolated = Chain(
    "apart", base: Chain.Base(.filter, .forward, priority: 0), rules: [Rule(.drop)])
  let forward = Chain("forward", base: Chain.Base(.filter, .forward, priority: 0, policy: .drop), rules: rules)
  let host = Chain("input", base: Chain.Base(.filter, .input, priority: 0, policy: .drop), rules: [])
  let network = SmallNetwork(inet: [forward, host], frames: [isolated])
  return ReachabilityMatrix(Reachability(try network.compiled())).lines.map(\.description)
}

@Test func whatPassesIsSaidInFewLines() throws {
  let closed = try matrix()
  #expect(closed == ["host -> lan, mail"], "\(closed)")
  // What the bridge keeps apart, the host still routes.
  let open = try matrix(accept())
  #expect(
    open == ["lan -> lan, mail, world", "mail -> lan, world", "host, world -> lan, mail"], "\(open)")
  let one = try matrix(accept(toMail, .transport(6), port80))
  #expect(
    one == ["lan, world -> mail tcp/80 (IPv4)", "host -> lan, mail"], "\(one)")
}

@Test func addressesOfTheWorldThatDifferAreNamed() throws {
  let out = Statement(isIPv4.expressions + Statement.header(.network, at: 16, [192, 168, 100]).expressions)
  let lines = try matrix(accept(out))
  #expect(lines == ["lan, mail -> 192.168.100.0/24", "host -> lan, mail"], "\(lines)")
}

@Test func machinesThatNothingTellsApartAreOneGroup() throws {
  let reachability = Reachability(try SmallNetwork().compiled())
  #expect(reachability.groups.sorted { $0[0] < $1[0] } == [["db", "web"], ["mail"]])
  let named = SmallNetwork(
    inet: [SmallNetwork.forward(accept(.header(.network, at: 16, [10, 0, 0, 11])), policy: .accept)])
  #expect(Reachability(try named.compiled()).groups.count == 3)
}

@Test func aPairThatIsNamedTogetherIsKnownOnItsOwn() throws {
  let link = SetDefinition(
    "links", [.ipv4, .ipv4],
    elements: [
      SetElement(.address(try SmallNetwork.address("10.0.0.10")), .address(try SmallNetwork.address("10.0.1.10")))
    ])
  let network = SmallNetwork(
    inet: [SmallNetwork.forward(accept(isIPv4, .fields(.ipv4Source, .ipv4Destination, in: "links")))], inetSets: [link])
  let reachability = Reachability(try network.compiled())
  #expect(reachability.groups.count == 2)
  #expect(reachability.reach(from: "web", to: "mail").certain[.v4, .tcp].isAll)
  #expect(reachability.reach(from: "db", to: "mail").certain.isEmpty)
  #expect(reachability.reach(from: "web", to: "mail").certain[.v6, .tcp].isEmpty)
}

@Test func aRuleThatGoesIsSeenInWhatPasses() throws {
  let open = SmallNetwork(inet: [
    SmallNetwork.forward(accept(toMail, .transport(6), port80), accept(toMail, .transport(17)))
  ])
  var closed = open
  closed.inet = [SmallNetwork.forward(accept(toMail, .transport(17)))]
  let difference = ReachabilityDifference(
    from: Reachability(try open.compiled()), to: Reachability(try closed.compiled()))
  #expect(difference.added.isEmpty)
  #expect(difference.removed.map(\.description) == ["lan, world -> mail tcp/80 (IPv4)"])
  let back = ReachabilityDifference(from: Reachability(try closed.compiled()), to: Reachability(try open.compiled()))
  #expect(back.added == difference.removed && back.removed.isEmpty)
}

@Test func aMachineThatComesIsNewToEverybodyItReaches() throws {
  let after = try SmallNetwork().compiled()
  var before = after
  before.machines.removeAll { $0.name == "db" }
  let difference = ReachabilityDifference(from: Reachability(before), to: Reachability(after))
  #expect(difference.removed.isEmpty)
  let lines = difference.added.map(\.description)
  #expect(lines == ["db -> lan, mail, host, world", "mail, host, world -> db", "web -> lan"], "\(lines)")
}

@Test func whatIsInDoubtIsPossibleAndNotCertain() throws {
  let network = SmallNetwork(inet: [SmallNetwork.forward(Rule([.meta(.length, .first), .verdict(.accept)]))])
  let reach = Reachability(try network.compiled()).reach(from: "web", to: "mail")
  #expect(!reach.possible.isEmpty && reach.certain.isEmpty && reach.doubt != nil)
}

@Test func whereTheBridgeFilterMattersNothingIsCertain() throws {
  let network = SmallNetwork(inet: [SmallNetwork.forward()])
  let reach = Reachability(try network.compiled()).reach(from: "web", to: "db")
  #expect(reach.certain.isEmpty && reach.doubt == .bridgeFilter)
}
