import Host
import HostTesting
import Network
import Reconcile
import Resources
import Testing

/// A constellation with one bridge and one tap, and a machine in memory to put it on.
struct LinkSamples {
  let scope: Scope
  let faults = FaultPlan()
  let links: MemoryLinks
  let filter: MemoryPacketFilter
  let forwarding: MemoryForwarding
  let host: Host

  init(_ others: [Link] = [], routes: [Route] = []) throws {
    scope = Scope(constellation: "lab", data: try #require(DataIdentity("0123456789abcdef")))
    links = MemoryLinks(others, routes: routes, faults: faults)
    filter = MemoryPacketFilter()
    forwarding = MemoryForwarding(faults: faults)
    let store = MemoryStore()
    let disks = MemoryDisks(store: store)
    host = Host(
      links: links, packetFilter: filter, forwarding: forwarding, store: store, disks: disks, keys: MemoryKeys(),
      machines: MemoryMachines(), snapshots: MemorySnapshots(), nameservers: MemoryNameservers(),
      limits: MemoryLimits(), sockets: MemorySockets(), inputs: MemoryInputFiles(), origins: MemoryOrigins(),
      toolchains: MemoryToolchains(),
      emulators: MemoryEmulators())
  }

  func bridge(_ name: String, link: String? = nil, subnet: String = "10.0.10.1/24", mtu: UInt32 = 1500) throws -> Bridge
  {
    Bridge(
      scope: scope, name: name,
      design: BridgeDesign(
        name: try #require(LinkName(link ?? "lab-\(name)")), group: scope.linkGroup,
        alias: "\(Mark(scope: scope, address: "bridge.\(name)"))", mtu: mtu,
        addresses: [try #require(InterfaceAddress(subnet))]))
  }

  func tap(_ name: String, on bridge: Bridge, link: String? = nil) throws -> Tap {
    Tap(
      scope: scope, name: name,
      design: TapDesign(
        name: try #require(LinkName(link ?? name)), group: scope.linkGroup,
        alias: "\(Mark(scope: scope, address: "tap.\(name)"))", alternativeName: nil, owner: scope.uid,
        master: bridge.design.name, mtu: 1500, isIsolated: false),
      bridge: bridge.name)
  }

  /// The plan that makes just these exist.
  func plan(_ resources: any Resource...) async throws -> Plan { try await plan(on: host, resources) }

  func plan(on host: Host, _ resources: [any Resource]) async throws -> Plan {
    let kinds: [any Resource.Type] = [Bridge.self, Tap.self, ForwardingSwitch.self]
    return Plan(
      from: try await Observation(of: kinds, scope, on: host), to: try ResourceGraph(resources), kinds: kinds)
  }
}

extension Plan {
  /// Verb and address of each change, in order.
  var summary: [String] { changes.map { "\($0.change.verb.rawValue) \($0.address)" } }

  /// The reasons of the first change.
  var reasons: [Reason] { changes.first?.change.reasons ?? [] }

  /// Applies it; every step must succeed.
  func perform(on host: Host) async throws {
    let report = await apply(on: host)
    #expect(report.isComplete, "\(report.outcomes)")
  }
}
