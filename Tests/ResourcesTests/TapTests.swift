import Host
import HostTesting
import Network
import Reconcile
import Resources
import Testing

@Suite struct TapTests {
  @Test func aTapComesAfterItsBridgeAndGoesBeforeIt() async throws {
    let samples = try LinkSamples()
    let bridge = try samples.bridge("lan")
    let tap = try samples.tap("web-lan", on: bridge)
    let plan = try await samples.plan(tap, bridge)
    #expect(plan.summary == ["create bridge.lan", "create tap.web-lan"])
    try await plan.perform(on: samples.host)
    #expect(try await samples.plan(bridge, tap).isEmpty)
    let observed = try #require(try await Tap.observe(samples.scope, on: samples.host)["web-lan"])
    #expect(observed.bridge == "lan")
    #expect(Tap.dependencies(of: observed) == tap.dependencies)
    try await samples.plan().perform(on: samples.host)
    #expect(Array(samples.faults.log.suffix(2)) == ["delete link web-lan", "delete link lab-lan"])
  }

  @Test(arguments: ["bridge", "isolated", "label", "link", "mark", "mtu", "owner", "persistent", "up"])
  func whatSomebodyChangedIsNamedAndMended(_ attribute: String) async throws {
    let samples = try LinkSamples()
    let bridge = try samples.bridge("lan")
    let tap = try samples.tap("web-lan", on: bridge)
    try await samples.plan(bridge, tap).perform(on: samples.host)
    samples.links.meddle { links in
      guard var link = links.removeValue(forKey: tap.design.name) else { return }
      switch attribute {
      case "bridge": link.master = nil
      case "isolated": link.isIsolated = true
      case "label": link.alternativeNames = ["another"]
      case "link": link.name = LinkName("moved") ?? link.name
      case "mark": link.alias = nil
      case "mtu": link.mtu = 1300
      case "owner": link.kind = .tap(owner: 7)
      case "persistent": link.kind = .other("tun")
      default: link.isUp = false
      }
      links[link.name] = link
    }
    let plan = try await samples.plan(bridge, tap)
    #expect(plan.summary == ["\(attribute == "link" ? "replace" : "update") tap.web-lan"])
    #expect(plan.reasons.contains { $0.path == attribute })
    #expect(plan.disruption == .live)
    try await plan.perform(on: samples.host)
    #expect(try await samples.plan(bridge, tap).isEmpty)
  }

  @Test func aDeletedTapIsCreatedAnew() async throws {
    let samples = try LinkSamples()
    let bridge = try samples.bridge("lan")
    let tap = try samples.tap("web-lan", on: bridge)
    try await samples.plan(bridge, tap).perform(on: samples.host)
    samples.links.meddle { $0[tap.design.name] = nil }
    let plan = try await samples.plan(bridge, tap)
    #expect(plan.summary == ["create tap.web-lan"])
    try await plan.perform(on: samples.host)
    #expect(try await samples.plan(bridge, tap).isEmpty)
  }

  @Test func aDeletedBridgeTakesItsTapsBack() async throws {
    let samples = try LinkSamples()
    let bridge = try samples.bridge("lan")
    let tap = try samples.tap("web-lan", on: bridge)
    try await samples.plan(bridge, tap).perform(on: samples.host)
    try await samples.links.removeLink(bridge.design.name, group: bridge.design.group)
    let plan = try await samples.plan(bridge, tap)
    #expect(plan.summary == ["create bridge.lan", "update tap.web-lan"])
    try await plan.perform(on: samples.host)
    #expect(try await samples.plan(bridge, tap).isEmpty)
  }

  @Test func aBridgeThatIsReplacedOnRequestGetsItsTapsBack() async throws {
    let samples = try LinkSamples()
    let bridge = try samples.bridge("lan")
    let tap = try samples.tap("web-lan", on: bridge)
    try await samples.plan(bridge, tap).perform(on: samples.host)
    let kinds: [any Resource.Type] = [Bridge.self, Tap.self]
    let plan = Plan(
      from: try await Observation(of: kinds, samples.scope, on: samples.host),
      to: try ResourceGraph([bridge, tap]), kinds: kinds, options: PlanOptions(replacements: [bridge.address]))
    #expect(plan.summary == ["replace bridge.lan", "update tap.web-lan"])
    try await plan.perform(on: samples.host)
    #expect(try await samples.plan(bridge, tap).isEmpty)
  }

  @Test func aForeignTapOfThatNameIsInTheWay() async throws {
    let samples = try LinkSamples()
    let bridge = try samples.bridge("lan")
    let tap = try samples.tap("web-lan", on: bridge)
    samples.links.meddle { links in
      links[tap.design.name] = Link(index: 5, name: tap.design.name, kind: .tap(owner: nil))
    }
    let problems = try await samples.plan(bridge, tap).problems
    #expect(problems == [.claimed(tap.address, ForeignClaim(.link(tap.design.name), holder: "tap web-lan"))])
  }
}
