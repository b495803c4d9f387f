import Host
import HostTesting
import Network
import Reconcile
import Resources
import Testing

@Suite struct BridgeTests {
  @Test func aMissingBridgeIsCreatedOnceAndDeletedWithoutATrace() async throws {
    let samples = try LinkSamples()
    let bridge = try samples.bridge("lan")
    let plan = try await samples.plan(bridge)
    #expect(plan.summary == ["create bridge.lan"])
    #expect(plan.reasons.contains(Reason("subnet", before: nil, after: "10.0.10.1/24")))
    #expect(plan.disruption == .none)
    try await plan.perform(on: samples.host)
    #expect(try await samples.plan(bridge).isEmpty)
    let end = try await samples.plan()
    #expect(end.summary == ["delete bridge.lan"])
    try await end.perform(on: samples.host)
    #expect(try await samples.links.links().isEmpty)
  }

  @Test(arguments: ["address", "mtu", "up", "alias"])
  func whatSomebodyChangedIsMendedLive(_ attribute: String) async throws {
    let samples = try LinkSamples()
    let bridge = try samples.bridge("lan")
    try await samples.plan(bridge).perform(on: samples.host)
    let before = try await samples.links.links()
    let other = try #require(InterfaceAddress("10.0.99.1/24"))
    samples.links.meddle { links in
      switch attribute {
      case "address": links[bridge.design.name]?.addresses = [other]
      case "mtu": links[bridge.design.name]?.mtu = 1300
      case "up": links[bridge.design.name]?.isUp = false
      default: links[bridge.design.name]?.alias = nil
      }
    }
    let plan = try await samples.plan(bridge)
    #expect(plan.summary == ["update bridge.lan"])
    #expect(plan.reasons.count == 1)
    #expect(plan.disruption == .live)
    #expect(plan.problems.isEmpty)
    try await plan.perform(on: samples.host)
    #expect(try await samples.links.links() == before)
  }

  @Test func aNewAddressOfTheHostIsOneReason() async throws {
    let samples = try LinkSamples()
    try await samples.plan(try samples.bridge("lan")).perform(on: samples.host)
    let plan = try await samples.plan(try samples.bridge("lan", subnet: "10.0.10.254/24"))
    #expect(plan.reasons == [Reason("subnet", before: "10.0.10.1/24", after: "10.0.10.254/24")])
  }

  @Test func anotherLinkNameMovesTheTapsLive() async throws {
    let samples = try LinkSamples()
    let bridge = try samples.bridge("lan")
    let tap = try samples.tap("web-lan", on: bridge)
    try await samples.plan(bridge, tap).perform(on: samples.host)
    let index = try await samples.links.links().first { $0.name == tap.design.name }?.index
    let moved = try samples.bridge("lan", link: "other")
    let movedTap = try samples.tap("web-lan", on: moved)
    let plan = try await samples.plan(moved, movedTap)
    #expect(plan.summary == ["replace bridge.lan", "update tap.web-lan"])
    #expect(plan.disruption == .live)
    try await plan.perform(on: samples.host)
    #expect(try await samples.plan(moved, movedTap).isEmpty)
    let after = try await samples.links.links()
    #expect(after.map { "\($0.name)" }.sorted() == ["other", "web-lan"])
    #expect(after.first { $0.name == tap.design.name }?.index == index)
  }

  @Test func aRenamedBridgeThatKeepsItsSubnetTakesItOver() async throws {
    let samples = try LinkSamples()
    let bridge = try samples.bridge("lan")
    try await samples.plan(bridge, try samples.tap("web-lan", on: bridge)).perform(on: samples.host)
    let renamed = try samples.bridge("dmz")
    let tap = try samples.tap("web-lan", on: renamed)
    let plan = try await samples.plan(renamed, tap)
    #expect(plan.summary == ["create bridge.dmz", "update tap.web-lan", "delete bridge.lan"])
    #expect(plan.problems.isEmpty)
    let creation = try #require(plan.steps.first { $0.id == .init(renamed.address, .setUp) })
    #expect(creation.waits.contains(.init(bridge.address, .tearDown)))
    try await plan.perform(on: samples.host)
    #expect(try await samples.plan(renamed, tap).isEmpty)
  }

  @Test func foreignThingsInTheWayAreNamed() async throws {
    let name = try #require(LinkName("lab-lan"))
    let address = try #require(InterfaceAddress("10.0.0.5/8"))
    let uplink = try #require(LinkName("eth0"))
    let samples = try LinkSamples(
      [
        Link(index: 2, name: name, kind: .bridge), Link(index: 3, name: uplink, kind: .other(""), addresses: [address]),
      ],
      routes: [
        Route(destination: try #require(IPPrefix("0.0.0.0/0")), link: uplink),
        Route(destination: try #require(IPPrefix("10.0.10.128/25")), link: uplink),
        Route(destination: try #require(IPPrefix("fe80::/64")), link: uplink),
        Route(destination: try #require(IPPrefix("ff00::/8")), link: uplink),
      ])
    let bridge = try samples.bridge("lan")
    let foreign = try await Bridge.foreignClaims(samples.scope, on: samples.host)
    #expect(
      foreign.map(\.holder) == ["bridge lab-lan", "link eth0", "link eth0", "route 10.0.10.128/25 by eth0"])
    let problems = Set(try await samples.plan(bridge).problems)
    #expect(problems.contains(.claimed(bridge.address, ForeignClaim(.link(name), holder: "bridge lab-lan"))))
    #expect(problems.contains(.claimed(bridge.address, ForeignClaim(.subnet(address.prefix), holder: "link eth0"))))
    #expect(try await samples.plan().isEmpty)
  }

  @Test func aBridgeOfAnotherDataDirectoryIsForeign() async throws {
    let samples = try LinkSamples()
    let bridge = try samples.bridge("lan")
    try await samples.plan(bridge).perform(on: samples.host)
    let other = Scope(constellation: "lab", data: try #require(DataIdentity("fedcba9876543210")))
    #expect(try await Bridge.observe(other, on: samples.host)["lan"] == nil)
    #expect(try await Bridge.foreignClaims(other, on: samples.host).contains { $0.holder == "bridge lab-lan" })
    #expect(try await Bridge.foreignClaims(samples.scope, on: samples.host).isEmpty)
  }

  @Test func anUnfinishedBridgeIsFinished() async throws {
    let samples = try LinkSamples()
    let bridge = try samples.bridge("lan")
    samples.links.meddle { links in
      links[bridge.design.name] = Link(
        index: 7, name: bridge.design.name, kind: .bridge, group: samples.scope.linkGroup)
    }
    let plan = try await samples.plan(bridge)
    #expect(plan.summary == ["update bridge.lan"])
    try await plan.perform(on: samples.host)
    #expect(try await samples.plan(bridge).isEmpty)
    #expect(try await samples.links.links().map(\.index) == [7])
  }

  @Test func aBridgeOfSomebodyElseMustExistAndIsNeverTouched() async throws {
    let samples = try LinkSamples()
    var bridge = try samples.bridge("br0", link: "br0")
    bridge.isOurs = false
    let absent = try await samples.plan(bridge)
    #expect(absent.problems == [.obstacle(bridge.address, .missing("bridge br0"))])
    let present = Link(index: 4, name: bridge.design.name, kind: .bridge, mtu: 9000)
    samples.links.meddle { $0[present.name] = present }
    let tap = try samples.tap("web-br0", on: bridge)
    let plan = try await samples.plan(bridge, tap)
    #expect(plan.summary == ["create tap.web-br0"])
    try await plan.perform(on: samples.host)
    #expect(try await samples.plan(bridge, tap).isEmpty)
    try await samples.plan().perform(on: samples.host)
    #expect(try await samples.links.links() == [present])
  }

  @Test func aBridgeHandedOverToItsOwnerGoesWhenTheirsIsThere() async throws {
    let samples = try LinkSamples()
    var bridge = try samples.bridge("br0")
    try await samples.plan(bridge).perform(on: samples.host)
    bridge = try samples.bridge("br0", link: "br0")
    bridge.isOurs = false
    #expect(try await samples.plan(bridge).problems == [.obstacle(bridge.address, .missing("bridge br0"))])
    samples.links.meddle { $0[bridge.design.name] = Link(index: 9, name: bridge.design.name, kind: .bridge) }
    let plan = try await samples.plan(bridge)
    #expect(plan.summary == ["replace bridge.br0"] && plan.problems.isEmpty)
    try await plan.perform(on: samples.host)
    #expect(try await samples.links.links().map { "\($0.name)" } == ["br0"])
    #expect(try await samples.plan(bridge).isEmpty)
  }
}
