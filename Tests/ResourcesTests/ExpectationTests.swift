import Diagnostics
import Host
import Manifest
import Network
import Reachability
import Reconcile
import Testing

@testable import Resources

/// What a manifest becomes on a machine with nothing on it.
private func desired(_ text: String) throws -> Desired {
  let (manifest, _) = try Manifest.load(Array(text.utf8), file: "f.yml", directoryName: "lab")
  let scope = Scope(constellation: "lab", data: try #require(DataIdentity("0123456789abcdef")))
  return try Desired(manifest, Inputs(directory: "/lab"), scope: scope)
}

private func matrix(_ text: String) throws -> [String] {
  let network = CompiledNetwork(try desired(text).graph, former: ForwardingState(ipv4: true, ipv6: true))
  return ReachabilityMatrix(Reachability(network)).lines.map(\.description)
}

/// One bridge of a policy with two VMs, and one VM on another, quiet bridge.
private func manifest(_ policy: String, _ more: String = "", expect: String = "[]") -> String {
  """
  bridges:
    lan: {subnet: 10.1.0.1/24, subnet6: "fd01::1/64", dns: false, policy_type: \(policy)\(more)}
    quiet: {subnet: 10.2.0.1/24, subnet6: "fd02::1/64", policy_type: isolated}
  expect: \(expect)
  virtual_machines:
    web: {networks: [{bridge: lan, ip_addr: [10.1.0.10, "fd01::10"]}]}
    db: {networks: [{bridge: lan, ip_addr: [10.1.0.11, "fd01::11"]}]}
    safe: {networks: [{bridge: quiet, ip_addr: [10.2.0.10, "fd02::10"]}]}
  """
}

@Test(arguments: [
  ("isolated", "", ["lan -> lan", "host -> lan, safe"]),
  (
    "host-access", ", allowed_ports: [22, 8000-8010]",
    [
      "lan -> host tcp/22,8000-8010 icmp", "lan -> lan, world", "host -> lan, safe",
    ]
  ),
  ("nat", "", ["lan -> host icmp", "lan -> lan, world", "host -> lan, safe"]),
  ("routed", "", ["lan -> host icmp", "lan -> lan, world", "host -> lan, safe"]),
  ("open", "", ["lan -> lan, host, world", "host -> lan, safe", "world -> lan"]),
  (
    "isolated", ", allowed_ips: [192.0.2.0/24]",
    [
      "lan -> lan", "lan -> 192.0.2.0/24", "host -> lan, safe",
    ]
  ),
])
func eachPolicyAdmitsWhatItSays(_ policy: String, _ more: String, _ lines: [String]) throws {
  let found = try matrix(manifest(policy, more))
  #expect(Set(found) == Set(lines), "\(found)")
}

@Test func expectationsThatHoldAreSilent() throws {
  let expect = """
    [{from: "bridge:lan", to: "bridge:lan", verdict: allow}, {from: web, to: world, verdict: allow},
     {from: safe, to: world, verdict: deny}, {from: world, to: web, verdict: deny}, {from: web, to: safe, verdict: deny},
     {from: web, to: host, port: 22, verdict: allow}, {from: web, to: host, port: 23, verdict: deny},
     {from: host, to: safe, verdict: allow}, {from: web, to: 192.0.2.0/24, verdict: allow},
     {from: 10.1.0.0/24, to: safe, verdict: deny}]
    """
  _ = try desired(manifest("host-access", ", allowed_ports: [22]", expect: expect))
}

@Test func expectationsThatAreFalseAreErrorsAtTheirPlaces() throws {
  func faults(_ expectation: String, _ more: String = "") throws -> [Diagnostic] {
    do {
      _ = try desired(manifest("host-access", more, expect: "[\(expectation)]"))
      return []
    } catch let faults as Diagnostics {
      return faults.all.filter { $0.severity == .error }
    }
  }
  let denied = try #require(try faults("{from: web, to: safe, port: 5432, verdict: allow}").first)
  #expect(denied.summary == "false: not all 5432/tcp passes from web to safe; what passes is nothing")
  #expect(denied.location?.line == 4 && denied.remedy?.contains("from_vm") == true)
  let admitted = try #require(try faults("{from: web, to: world, verdict: deny}").first)
  #expect(admitted.summary.hasPrefix("false: everything passes from web to world"))
  let other = try faults("{from: safe, to: host, verdict: allow}")
  #expect(other.count == 1 && other[0].summary.contains("what passes is nothing"))
  let none = try #require(try faults("{from: host, to: world, verdict: deny}").first)
  #expect(none.summary.contains("proves nothing"))
}

/// What the host has when all was made as it should be.
private func observation(of graph: ResourceGraph, _ change: (inout [Table]) -> Void) throws -> Observation {
  let scope = Scope(constellation: "lab", data: try #require(DataIdentity("0123456789abcdef")))
  let former = ForwardingState(ipv4: true, ipv6: true)
  var found: [ResourceAddress: ObservedResource] = [:]
  for (number, (address, resource)) in graph.resources.sorted(by: { $0.key < $1.key }).enumerated() {
    switch resource {
    case let firewall as Firewall:
      var tables = firewall.policy.tables(former: former)
      change(&tables)
      let record = FirewallRecord(scope: scope, former: former)
      found[address] = ObservedResource(value: Firewall.Observed(record: record, tables: tables))
    case let bridge as Bridge:
      let link = Link(
        index: Int32(number), name: bridge.design.name, kind: .bridge, group: bridge.design.group,
        alias: bridge.design.alias, isUp: true, addresses: bridge.design.addresses)
      found[address] = ObservedResource(value: ObservedBridge(scope: scope, link: link))
    case let tap as Tap:
      let link = Link(
        index: Int32(number), name: tap.design.name, kind: .tap(owner: tap.design.owner), group: tap.design.group,
        alias: tap.design.alias, master: tap.design.master, isUp: true, isIsolated: tap.design.isIsolated)
      found[address] = ObservedResource(value: ObservedTap(scope: scope, link: link, bridge: tap.bridge))
    case is ForwardingSwitch:
      found[address] = ObservedResource(
        value: ObservedForwarding(scope: scope, state: former, former: former, isShared: false))
    default: continue
    }
  }
  return Observation(scope: scope, resources: found)
}

private func difference(
  _ before: String, _ after: String, _ change: (inout [Table]) -> Void = { _ in }
) throws -> (added: [String], removed: [String])? {
  let graph = try desired(after).graph
  let observation = try observation(of: try desired(before).graph, change)
  let plan = Plan(from: observation, to: graph, kinds: [Firewall.self, Bridge.self, Tap.self, ForwardingSwitch.self])
  let found = ReachabilityDifference(of: plan, from: observation, to: graph)
  return found.map { ($0.added.map(\.description), $0.removed.map(\.description)) }
}

@Test func whatAChangeAdmitsAndRefusesIsTold() throws {
  let isolated = manifest("isolated")
  let access = manifest("host-access", ", allowed_ports: [22]")
  #expect(try difference(isolated, isolated) == nil)
  let wider = try #require(try difference(isolated, access))
  let gained: Set = ["lan -> host tcp/22 icmp", "lan -> world"]
  #expect(Set(wider.added) == gained && wider.removed.isEmpty, "\(wider)")
  let narrower = try #require(try difference(access, isolated))
  #expect(narrower.added.isEmpty && Set(narrower.removed) == gained)
  let port = try #require(try difference(access, manifest("host-access", ", allowed_ports: [22, 80]")))
  #expect(port.added == ["lan -> host tcp/80"] && port.removed.isEmpty)
}

@Test func driftIsToldByWhatItDoes() throws {
  let access = manifest("host-access", ", allowed_ports: [22]")
  let flushed = try #require(
    try difference(access, access) { tables in
      for index in tables.indices { tables[index].chains["vm_forward"]?.rules = [] }
    })
  #expect(flushed.added.isEmpty && flushed.removed.contains { $0.hasPrefix("world -> lan") })
  let mute = try #require(
    try difference(access, access) { tables in
      for index in tables.indices {
        for name in ["guard4", "guard6"] {
          let gone = tables[index].sets[name]?.elements.filter { $0.comment == "virtual_machines.web" } ?? []
          tables[index].sets[name]?.elements.subtract(gone)
        }
      }
    })
  #expect(mute.removed.isEmpty && mute.added.contains { $0.hasPrefix("web -> ") && $0.contains("world") })
  let odd = try #require(
    try difference(access, access) { tables in
      for index in tables.indices {
        tables[index].chains["host_in"]?.rules.insert(Rule([.other(name: "numgen", attributes: [])]), at: 0)
      }
    })
  #expect(odd.removed.contains { $0.contains("-> host") })
}
