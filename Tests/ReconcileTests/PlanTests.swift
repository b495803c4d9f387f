import Host
import Network
import Reconcile
import Testing

@Suite struct PlanTests {
  let world = World()
  let scope: Scope

  init() throws {
    scope = Scope(constellation: "lab", data: try #require(DataIdentity("0123456789abcdef")))
  }

  func observed(_ toys: [Toy]) -> Observation {
    Observation(
      scope: scope,
      resources: Dictionary(
        uniqueKeysWithValues: toys.map {
          ($0.address, ObservedResource(value: $0, dependencies: $0.dependencies, claims: $0.claims))
        }))
  }

  func plan(_ before: [Toy], _ after: [Toy], _ options: PlanOptions = .init()) throws -> Plan {
    Plan(from: observed(before), to: try ResourceGraph(after), kinds: [Toy.self], options: options)
  }

  func waits(_ plan: Plan, _ half: Step.Half, _ name: String) -> Set<String> {
    let step = plan.steps.first { $0.id == Step.Identity(toy(name), half) }
    return Set((step?.waits ?? []).map(\.description))
  }

  @Test func whatAgreesNeedsNoPlan() throws {
    let toys = [Toy(world: world, name: "a"), Toy(world: world, name: "b", dependencies: [toy("a")])]
    #expect(try plan(toys, toys).isEmpty)
  }

  @Test func aThingIsSetUpAfterWhatItStandsOn() throws {
    let plan = try plan([], [Toy(world: world, name: "a", dependencies: [toy("b")]), Toy(world: world, name: "b")])
    #expect(plan.changes.map(\.address.name) == ["b", "a"])
    #expect(waits(plan, .setUp, "a") == ["set up toy.b"])
  }

  @Test func whatDoesNotChangeIsSeenThrough() throws {
    let middle = Toy(world: world, name: "b", dependencies: [toy("c")], isLive: true)
    let plan = try plan(
      [middle, Toy(world: world, name: "c", value: 1)],
      [
        Toy(world: world, name: "a", dependencies: [toy("b")]), middle,
        Toy(world: world, name: "c", value: 2, isLive: true),
      ])
    #expect(plan.changes.map(\.address.name) == ["c", "a"])
    #expect(waits(plan, .setUp, "a") == ["set up toy.c"])
  }

  @Test func whatStandsOnAThingGoesBeforeIt() throws {
    let plan = try plan([Toy(world: world, name: "a"), Toy(world: world, name: "b", dependencies: [toy("a")])], [])
    #expect(waits(plan, .tearDown, "a") == ["tear down toy.b"])
    #expect(plan.changes.map(\.change.verb) == [.delete, .delete])
  }

  @Test func aReplacementTellsWhatStandsOnIt() throws {
    let above = Toy(world: world, name: "b", dependencies: [toy("a")])
    let plan = try plan([Toy(world: world, name: "a"), above], [Toy(world: world, name: "a", value: 2), above])
    #expect(plan.changes.map(\.address.name) == ["a", "b"])
    #expect(waits(plan, .setUp, "a") == ["tear down toy.a"])
    #expect(waits(plan, .tearDown, "a") == ["tear down toy.b"])
    #expect(waits(plan, .setUp, "b") == ["set up toy.a", "tear down toy.b"])
  }

  @Test func aClaimIsTakenAfterItIsReleased() throws {
    let subnet = Claim.subnet(try #require(IPPrefix("10.0.0.0/24")))
    let wide = Claim.subnet(try #require(IPPrefix("10.0.0.0/16")))
    let plan = try plan(
      [Toy(world: world, name: "old", claims: [subnet])], [Toy(world: world, name: "new", claims: [wide])])
    #expect(waits(plan, .setUp, "new") == ["tear down toy.old"])
    #expect(plan.problems.isEmpty)
  }

  @Test func twoThingsMaySwapTheirClaims() throws {
    let (x, y) = (Claim.path("/x"), Claim.path("/y"))
    let plan = try plan(
      [Toy(world: world, name: "a", claims: [x]), Toy(world: world, name: "b", claims: [y])],
      [Toy(world: world, name: "a", claims: [y]), Toy(world: world, name: "b", claims: [x])])
    #expect(waits(plan, .setUp, "a") == ["tear down toy.a", "tear down toy.b"])
    #expect(waits(plan, .setUp, "b") == ["tear down toy.a", "tear down toy.b"])
    #expect(waits(plan, .tearDown, "a").isEmpty)
  }

  @Test func whatIsSetUpFirstSurroundsTheRest() throws {
    let plan = try plan(
      [
        Toy(world: world, name: "filter", value: 1), Toy(world: world, name: "tap", dependencies: [toy("filter")]),
        Toy(world: world, name: "vm", dependencies: [toy("tap")]),
      ], [Toy(world: world, name: "filter", value: 2, isFirst: true)])
    #expect(waits(plan, .setUp, "filter").isEmpty)
    #expect(waits(plan, .tearDown, "vm") == ["set up toy.filter"])
    #expect(waits(plan, .tearDown, "tap") == ["set up toy.filter", "tear down toy.vm"])
    #expect(waits(plan, .tearDown, "filter") == ["set up toy.filter", "tear down toy.tap"])
  }

  @Test func nothingIsTornDownBeforeWhatIsPreparedForItsSuccessor() throws {
    func toys(_ image: String, value: Int) -> [Toy] {
      [
        Toy(world: world, name: image, isPrepared: true),
        Toy(world: world, name: "disk", value: value, dependencies: [toy(image)]),
        Toy(world: world, name: "vm", value: value, dependencies: [toy("disk")]),
      ]
    }
    let plan = try plan(toys("old", value: 1), toys("new", value: 2))
    #expect(waits(plan, .tearDown, "vm") == ["set up toy.new"])
    #expect(waits(plan, .tearDown, "disk") == ["set up toy.new", "tear down toy.vm"])
    #expect(waits(plan, .setUp, "new").isEmpty)
  }

  @Test func whatOthersHoldIsAProblem() throws {
    let claim = Claim.path("/x")
    let graph = try ResourceGraph([Toy(world: world, name: "a", claims: [claim])])
    let foreign = ForeignClaim(claim, holder: "somebody")
    let observation = Observation(scope: scope, resources: [:], foreign: [foreign])
    let plan = Plan(from: observation, to: graph, kinds: [Toy.self])
    #expect(plan.problems == [.claimed(toy("a"), foreign)])
  }

  @Test func aTargetBringsWhatItStandsOn() throws {
    let toys = [
      Toy(world: world, name: "a", dependencies: [toy("b")]), Toy(world: world, name: "b"),
      Toy(world: world, name: "c"),
    ]
    #expect(try plan([], toys, .init(targets: [toy("a")])).changes.map(\.address.name) == ["b", "a"])
    #expect(try plan(toys, [], .init(targets: [toy("b")])).changes.map(\.address.name) == ["a", "b"])
    #expect(try plan([], toys, .init(targets: [toy("x")])).problems == [.unknown(toy("x"))])
  }

  @Test func aForcedReplacementIsMadeThoughNothingDiffers() throws {
    let toys = [Toy(world: world, name: "a", isLive: true)]
    let plan = try plan(toys, toys, .init(replacements: [toy("a")]))
    #expect(plan.changes.map(\.change.verb) == [.replace])
    #expect(plan.steps.map(\.id.description) == ["tear down toy.a", "set up toy.a"])
  }

  @Test func twoCannotClaimOneThing() throws {
    let (a, b) = (
      Claim.port(PortRange(1...10, .tcp), address: nil),
      Claim.port(PortRange(5...5, .tcp), address: IPAddress("10.0.0.1"))
    )
    #expect(throws: GraphError.claimedTwice(b, by: toy("a"), and: toy("b"))) {
      try ResourceGraph([Toy(world: world, name: "a", claims: [a]), Toy(world: world, name: "b", claims: [b])])
    }
  }

  @Test func aCircleIsNamed() throws {
    #expect(throws: GraphError.circle([toy("b"), toy("c"), toy("b")])) {
      try ResourceGraph([
        Toy(world: world, name: "a", dependencies: [toy("b")]), Toy(world: world, name: "b", dependencies: [toy("c")]),
        Toy(world: world, name: "c", dependencies: [toy("b")]),
      ])
    }
  }
}
