import Host
import Manifest
import Network
import Reconcile
import Testing

@testable import Resources

/// Which way VMs have off their bridges, and that an edit of the policy moves none of them.
struct GatewayTests {
  private static func graph(_ text: String) throws -> ResourceGraph {
    let (manifest, _) = try Manifest.load(Array(text.utf8), file: "f.yml", directoryName: "lab")
    let scope = Scope(constellation: "lab", data: try #require(DataIdentity("0123456789abcdef")))
    return try Desired(manifest, Inputs(directory: "/lab"), scope: scope).graph
  }

  private static func machine(_ name: String, _ text: String) throws -> VirtualMachine {
    let address = ResourceAddress(kind: VirtualMachine.kind, name: name)
    return try #require(try graph(text).resources[address] as? VirtualMachine)
  }

  /// The gateways of each interface of `web`.
  private static func gateways(_ networks: String, lan: String = "host-access", quiet: String = "") throws -> [String] {
    try machine("web", manifest(networks, lan: lan, quiet: quiet)).design.networks.map { network in
      network.gateways.map(\.description).joined(separator: " ")
    }
  }

  private static func manifest(
    _ networks: String, lan: String = "host-access", quiet: String = "", more: String = ""
  ) -> String {
    """
    bridges:
      lan: {subnet: 10.1.0.1/24, subnet6: "fd01::1/64", policy_type: \(lan)}
      quiet: {subnet: 10.2.0.1/24, policy_type: isolated\(quiet)}
      silent: {subnet: 10.3.0.1/24, policy_type: isolated}
    \(more)
    virtual_machines:
      web: {networks: [\(networks)]}
      gate: {networks: [{bridge: lan, ip_addr: 10.1.0.9}, {bridge: quiet, ip_addr: 10.2.0.9, allowed_sources: [0.0.0.0/0]}]}
    """
  }

  private static let onLan = #"{bridge: lan, ip_addr: [10.1.0.10, "fd01::10"]}"#
  private static let onQuiet = "{bridge: quiet, ip_addr: 10.2.0.10}"
  private static let onSilent = "{bridge: silent, ip_addr: 10.3.0.10}"

  @Test func everyMachineHasOneGatewayOfAFamilyWhateverThePolicy() throws {
    #expect(try Self.gateways(Self.onLan) == ["10.1.0.1 fd01::1"])
    #expect(try Self.gateways(Self.onQuiet) == ["10.2.0.1"])
    #expect(try Self.gateways(Self.onSilent + ", " + Self.onQuiet) == ["10.3.0.1", ""])
  }

  @Test func thePolicyThatLetsOutIsPreferred() throws {
    #expect(try Self.gateways(Self.onQuiet + ", " + Self.onLan) == ["", "10.1.0.1 fd01::1"])
    #expect(try Self.gateways(Self.onQuiet + ", " + Self.onLan, lan: "isolated") == ["10.2.0.1", "fd01::1"])
    #expect(
      try Self.gateways(Self.onSilent + ", " + Self.onQuiet, quiet: ", allowed_ips: [192.0.2.0/24]") == [
        "", "10.2.0.1",
      ])
  }

  @Test func whatIsWrittenIsAllThatThereIs() throws {
    let workstation = "{bridge: quiet, ip_addr: 10.2.0.10, gateway: 10.2.0.9}"
    #expect(try Self.gateways(workstation) == ["10.2.0.9"])
    // No second way past the firewall, in whichever order.
    #expect(try Self.gateways(workstation + ", {bridge: lan, ip_addr: 10.1.0.10}") == ["10.2.0.9", ""])
    #expect(try Self.gateways("{bridge: lan, ip_addr: 10.1.0.10}, " + workstation) == ["", "10.2.0.9"])
    // What was written is of one family.
    #expect(try Self.gateways(Self.onLan + ", " + workstation) == ["fd01::1", "10.2.0.9"])
    #expect(try Self.gateways("{bridge: lan, ip_addr: 10.1.0.10, gateway: none}") == [""])
    #expect(try Self.gateways("{bridge: lan, ip_addr: 10.1.0.10, gateway: none}, " + Self.onQuiet) == ["", "10.2.0.1"])
  }

  @Test(arguments: [
    "flows: [{from: web, to: world, ports: [443]}]", "flows: [{from: world, to: web, ports: [80]}]",
    "flows: [{from: web, to: gate}]", #"flows: [{from: "bridge:quiet", to: "bridge:lan"}]"#,
    "forwards: [{host: 8080, to: web, port: 80}]",
  ])
  func noFlowAndNoForwardStartsAMachineAnew(_ more: String) throws {
    for networks in [Self.onLan, Self.onQuiet, Self.onQuiet + ", " + Self.onLan, Self.onSilent + ", " + Self.onQuiet] {
      let before = try Self.machine("web", Self.manifest(networks)).design.attributes
      #expect(try Self.machine("web", Self.manifest(networks, more: more)).design.attributes == before)
    }
  }

  @Test(arguments: ["isolated", "host-access", "nat", "routed", "open"])
  func noPolicyStartsAMachineOfOneBridgeAnew(_ policy: String) throws {
    let before = try Self.machine("web", Self.manifest(Self.onLan, lan: "isolated")).design.attributes
    #expect(try Self.machine("web", Self.manifest(Self.onLan, lan: policy)).design.attributes == before)
    let quiet = try Self.machine("web", Self.manifest(Self.onQuiet)).design.attributes
    let allowed = Self.manifest(Self.onQuiet, quiet: ", allowed_ips: [192.0.2.0/24], peers: isolated")
    #expect(try Self.machine("web", allowed).design.attributes == quiet)
  }

  @Test func aPolicyThatMovesTheWayOffSaysSo() throws {
    let both = Self.onQuiet + ", " + Self.onLan
    let before = try Self.machine("web", Self.manifest(both, lan: "isolated"))
    let after = try Self.machine("web", Self.manifest(both, lan: "nat"))
    let running = ObservedVirtualMachine(
      machine: ObservedMachine(
        name: "web", pid: 1, attributes: before.design.attributes, isManageable: true, runState: "running"),
      scope: before.design.scope)
    let change = try #require(
      VirtualMachine.change("web", from: running, to: after, under: Circumstances()))
    #expect(change.disruption == .restart)
    #expect(change.reasons.map(\.path) == ["networks[0].gateway", "networks[1].gateway"])
  }

  @Test func aForwardLeadsToWhereAnswersComeFrom() throws {
    let text = Self.manifest(
      Self.onQuiet + ", " + Self.onLan, more: "forwards: [{host: 8080, to: web, port: 80}, {host: 81, to: gate}]")
    let firewall = try #require(try Self.graph(text).resources.values.lazy.compactMap { $0 as? Firewall }.first)
    #expect(
      firewall.policy.forwards.map { $0.targets.map(\.description) } == [["10.1.0.10", "fd01::10"], ["10.1.0.9"]])
  }
}
