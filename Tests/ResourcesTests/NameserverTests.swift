import Host
import HostTesting
import Manifest
import Network
import Reconcile
import Resources
import Testing

/// The name server of a bridge, from the manifest to a host in memory.
struct NameserverTests {
  private static let lan = """
    bridges:
      lan: {subnet: 10.1.0.1/24, subnet6: "fd00:1::1/64"}
    virtual_machines:
      web: {networks: [{bridge: lan, ip_addr: 10.1.0.10}]}

    """
  private static let db = "  db: {networks: [{bridge: lan, ip_addr: [10.1.0.11, \"fd00:1::11\"]}]}\n"
  private static let address = ResourceAddress(kind: "dns", name: "lan")

  private func change(in plan: Plan) throws -> Change {
    try #require(plan.changes.first { $0.address == Self.address }).change
  }

  private func design(_ name: String, in manifest: String) async throws -> NameserverDesign? {
    let laboratory = try Laboratory(MemoryHost().host)
    let resource = try await laboratory.desired(manifest).graph.resources[ResourceAddress(kind: "dns", name: name)]
    return (resource as? Nameserver)?.design
  }

  private func machine(_ name: String, in manifest: String) async throws -> VirtualMachine {
    let laboratory = try Laboratory(MemoryHost().host)
    let resource = try await laboratory.desired(manifest).graph.resources[ResourceAddress(kind: "vm", name: name)]
    return try #require(resource as? VirtualMachine)
  }

  @Test func everyMachineIsKnownByItsNameAndByThatWithItsBridge() async throws {
    let design = try #require(try await design("lan", in: Self.lan + Self.db))
    #expect(design.link.text == "lab-lan" && design.forwards)
    #expect(design.addresses.map { "\($0)" } == ["10.1.0.1", "fd00:1::1"])
    #expect(
      design.hosts.map { "\($0.address) \($0.names.joined(separator: " "))" } == [
        "10.1.0.10 web web.lan", "10.1.0.11 db db.lan", "fd00:1::11 db db.lan",
      ])
  }

  @Test(arguments: [
    ("policy_type: isolated", false, false), ("policy_type: isolated, dns: true", true, false),
    ("dns: false", false, false), ("dns: true", true, true), ("auto_create: false", false, false),
  ])
  func whoServesNamesAndWhoForwards(_ keys: String, isServed: Bool, forwards: Bool) async throws {
    let manifest = "bridges:\n  lan: {subnet: 10.1.0.1/24, \(keys)}\n"
    let design = try await design("lan", in: manifest)
    #expect((design != nil) == isServed)
    #expect(design?.forwards ?? false == forwards)
  }

  @Test func aMachineIsOfferedTheServerOfItsBridgeAndStartsAfterIt() async throws {
    let web = try await machine("web", in: Self.lan)
    #expect(web.design.networks[0].offeredNameservers.map { "\($0)" } == ["10.1.0.1"])
    #expect(web.dependencies.contains(Self.address))
    let db = try await machine("db", in: Self.lan + Self.db)
    #expect(db.design.networks[0].offeredNameservers.map { "\($0)" } == ["10.1.0.1", "fd00:1::1"])
    let own = Self.lan.replacing("10.1.0.10}", with: "10.1.0.10, nameserver: 9.9.9.9}")
    let interface = try await machine("web", in: own).design.networks[0]
    #expect(interface.offeredNameservers == [] && interface.nameservers.map { "\($0)" } == ["9.9.9.9"])
    let without = try await machine("web", in: Self.lan.replacing("subnet6", with: "dns: false, subnet6"))
    #expect(without.design.networks[0].offeredNameservers == [])
    #expect(!without.dependencies.contains(Self.address))
  }

  @Test func aMachineMoreIsToldWithoutAStop() async throws {
    let memory = MemoryHost()
    let laboratory = try Laboratory(memory.host)
    try await laboratory.apply(Self.lan)
    let before = try await memory.nameservers.nameservers(of: laboratory.scope)
    let plan = try await laboratory.plan(Self.lan + Self.db)
    let change = try change(in: plan)
    #expect(change.verb == .update && change.disruption == .reload && change.tearDown.isEmpty)
    #expect(
      change.reasons == [
        Reason("name db", before: nil, after: "10.1.0.11 fd00:1::11"),
        Reason("name db.lan", before: nil, after: "10.1.0.11 fd00:1::11"),
      ])
    try await plan.perform(on: memory.host)
    let after = try await memory.nameservers.nameservers(of: laboratory.scope)
    #expect(after.map(\.pid) == before.map(\.pid) && after.first?.hosts?.count == 3)
    #expect(plan.changes.allSatisfy { $0.address.name != "web" }, "its neighbour runs on")
  }

  @Test func oneThatDiedIsStartedByTheNextApply() async throws {
    let memory = MemoryHost()
    let laboratory = try Laboratory(memory.host)
    try await laboratory.apply(Self.lan)
    memory.nameservers.crash("lan", of: laboratory.scope)
    let plan = try await laboratory.plan(Self.lan)
    #expect(plan.summary == ["create dns.lan"])
    try await plan.perform(on: memory.host)
    #expect(try await laboratory.plan(Self.lan).lines == [])
  }

  @Test func oneOfWhichNobodyKnowsWhatItWasToldIsToldAgain() async throws {
    let memory = MemoryHost()
    let laboratory = try Laboratory(memory.host)
    try await laboratory.apply(Self.lan)
    memory.nameservers.forgetNames("lan", of: laboratory.scope)
    let plan = try await laboratory.plan(Self.lan)
    #expect(plan.summary == ["update dns.lan"])
    #expect(try change(in: plan).tearDown.isEmpty)
    try await plan.perform(on: memory.host)
    #expect(try await laboratory.plan(Self.lan).lines == [])
  }

  @Test func switchingItOffAndOnDisturbsNoMachine() async throws {
    let memory = MemoryHost()
    let laboratory = try Laboratory(memory.host)
    let without = Self.lan.replacing("subnet6", with: "dns: false, subnet6")
    try await laboratory.apply(Self.lan)
    for manifest in [without, Self.lan] {
      let plan = try await laboratory.plan(manifest)
      #expect(plan.changes.map(\.change.disruption).max() ?? .none <= .reload)
      #expect(Set(plan.changes.map(\.address.kind)) == ["dns", "firewall"])
      try await plan.perform(on: memory.host)
      #expect(try await laboratory.plan(manifest).lines == [])
    }
  }

  @Test func anotherPolicyStartsItAnew() async throws {
    let memory = MemoryHost()
    let laboratory = try Laboratory(memory.host)
    let bridges = "bridges:\n  lan: {subnet: 10.1.0.1/24, dns: true}\n"
    try await laboratory.apply(bridges)
    let plan = try await laboratory.plan(bridges.replacing("dns: true", with: "dns: true, policy_type: isolated"))
    let change = try change(in: plan)
    #expect(change.disruption == .reload && !change.tearDown.isEmpty)
    #expect(change.reasons == [Reason("forwards", before: "true", after: "false")])
  }

  @Test func aBridgeThatIsMadeAnewDoesNotStopIt() async throws {
    let memory = MemoryHost()
    let laboratory = try Laboratory(memory.host)
    try await laboratory.apply(Self.lan)
    memory.links.meddle { links in links = links.filter { $0.value.kind != .bridge } }
    let plan = try await laboratory.plan(Self.lan)
    #expect(!plan.changes.contains { $0.address == Self.address })
    try await plan.perform(on: memory.host)
    #expect(try await laboratory.plan(Self.lan).lines == [])
  }

  @Test func machinesReachItThroughTheFilter() async throws {
    let laboratory = try Laboratory(MemoryHost().host)
    func members(_ keys: String) async throws -> Set<SetElement> {
      let graph = try await laboratory.desired("bridges:\n  lan: {subnet: 10.1.0.1/24, \(keys)}\n").graph
      let firewall = graph.resources[ResourceAddress(kind: "firewall", name: "lab")] as? Firewall
      let tables = try #require(firewall).policy.tables(former: ForwardingState(ipv4: true, ipv6: true))
      return try #require(tables.first?.sets["host_port"]).elements
    }
    let link = try #require(LinkName("lab-lan"))
    func member(_ transport: TransportProtocol, _ key: String) -> SetElement {
      SetElement(.link(link), .byte(transport.number), .port(53), comment: "bridges.lan.\(key)")
    }
    #expect(try await members("dns: true") == [member(.tcp, "dns"), member(.udp, "dns")])
    #expect(try await members("dns: false") == [])
    #expect(try await members("allowed_ports: [53/udp]") == [member(.tcp, "dns"), member(.udp, "allowed_ports")])
  }
}
