import Host
import HostTesting
import Network
import Reconcile
import Resources
import Testing

@Suite struct ForwardingTests {
  private let off = ForwardingState(ipv4: false, ipv6: false)
  private let on = ForwardingState(ipv4: true, ipv6: true)

  @Test func forwardingIsSwitchedOnAndPutBack() async throws {
    let samples = try LinkSamples()
    let desired = ForwardingSwitch(scope: samples.scope)
    let plan = try await samples.plan(desired)
    #expect(plan.summary == ["create forwarding.lab"])
    addTable(of: samples.scope, to: samples, former: ForwardingState(ipv4: true, ipv6: false))
    try await plan.perform(on: samples.host)
    #expect(try await samples.forwarding.state() == on)
    #expect(try await samples.plan(desired).isEmpty)
    let end = try await samples.plan()
    #expect(end.summary == ["delete forwarding.lab"])
    #expect(end.reasons == [Reason("ipv6", before: "on", after: "off")])
    try await end.perform(on: samples.host)
    #expect(try await samples.forwarding.state() == ForwardingState(ipv4: true, ipv6: false))
    #expect(try await samples.plan().isEmpty)
  }

  @Test func whatSomebodySwitchedOffIsSwitchedOn() async throws {
    let samples = try LinkSamples()
    addTable(of: samples.scope, to: samples, former: off)
    try await samples.forwarding.set(ForwardingState(ipv4: true, ipv6: false))
    let plan = try await samples.plan(ForwardingSwitch(scope: samples.scope))
    #expect(plan.summary == ["update forwarding.lab"])
    #expect(plan.reasons == [Reason("ipv6", before: "off", after: "on")])
    #expect(plan.disruption == .live)
  }

  @Test func theLastConstellationPutsItBack() async throws {
    let samples = try LinkSamples()
    let other = Scope(constellation: "shop", data: samples.scope.data)
    addTable(of: samples.scope, to: samples, former: off)
    try await samples.forwarding.set(on)
    let alone = try await samples.plan()
    addTable(of: other, to: samples, former: off)
    #expect(try await samples.plan().isEmpty)
    // The other came after the plan was made.
    try await alone.perform(on: samples.host)
    #expect(try await samples.forwarding.state() == on)
    #expect(alone.summary == ["delete forwarding.lab"])
  }

  @Test func whatWasOnBeforeStaysOn() async throws {
    let samples = try LinkSamples()
    try await samples.forwarding.set(on)
    addTable(of: samples.scope, to: samples, former: on)
    #expect(try await samples.plan(ForwardingSwitch(scope: samples.scope)).isEmpty)
    #expect(try await samples.plan().isEmpty)
  }

  private func addTable(of scope: Scope, to samples: LinkSamples, former: ForwardingState) {
    let identity = TableIdentity(.inet, "meros_\(scope.constellation)")
    let comment = "\(FirewallRecord(scope: scope, former: former))"
    samples.filter.meddle { tables in
      tables[identity] = Table(header: TableHeader(identity: identity, comment: comment))
    }
  }
}
