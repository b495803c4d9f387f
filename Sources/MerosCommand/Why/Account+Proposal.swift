import Host
import LinuxHost
import Network
import Reconcile
import Resources

extension Account {
  /// nil for an address that is neither in the constellation nor on the host.
  /// - Parameter data: where sockets lie; nil: nobody is told.
  init?(of address: ResourceAddress, in proposal: Proposal, since: Since? = nil, data: DataDirectory? = nil) {
    let (graph, observation, plan) = (proposal.goal.graph, proposal.observation, proposal.plan)
    guard graph.resources[address] != nil || observation.resources[address] != nil else { return nil }
    let status = StatusView([proposal], data: data)
    let rows = [ResourceAddress: StatusView.Row](status.rows.map { ($0.address, $0) }) { one, _ in one }
    let changes = [ResourceAddress: PlannedChange](plan.changes.map { ($0.address, $0) }) { one, _ in one }
    let direct = DirectDependencies(
      graph, departing: observation.resources.keys.filter { graph.resources[$0] == nil }, observation: observation)
    func link(_ other: ResourceAddress, _ words: String) -> Link {
      Link(
        address: other, words: words, state: rows[other]?.state ?? "not of this constellation",
        verb: changes[other]?.change.verb)
    }
    var told: Set<ResourceAddress> = []
    func foundations(of address: ResourceAddress) -> [Foundation] {
      direct.dependencies(of: address).map { other in
        // What another VM stands on is that one's matter.
        let isNew = told.insert(other).inserted && other.kind != VirtualMachine.kind
        return Foundation(
          link: link(other, Self.words(from: address, to: other)), below: isNew ? foundations(of: other) : [])
      }
    }
    let predecessors = Predecessors(graph: graph, observation: observation)
    self.address = address
    constellation = proposal.goal.constellation
    state = rows[address]?.state ?? "not wanted"
    health = rows[address]?.health ?? "there"
    places = proposal.goal.manifest.map { WrittenPlaces(manifest: $0, graph: graph).places(of: address) } ?? []
    desired = Self.words(of: graph.resources[address])
    self.since = since
    display = rows[address]?.display
    planned = changes[address]
    pending = plan.pending.first { $0.address == address }
    kept = plan.kept.first { $0.address == address }
    inputs =
      predecessors.recipe(of: address)?.inputs ?? (observation.resources[address]?.value as? StoreEntry)?.inputs ?? [:]
    predecessor = predecessors.predecessor(of: address)
    causes = Self.causes(of: address, graph, changes, predecessors)
    self.foundations = foundations(of: address)
    dependents = direct.dependents(of: address).map { link($0, Self.words(from: $0, to: address)) }
  }

  /// What of all that it stands on makes it change, where nothing of its own differs.
  private static func causes(
    of address: ResourceAddress, _ graph: ResourceGraph, _ changes: [ResourceAddress: PlannedChange],
    _ predecessors: Predecessors
  ) -> [Cause] {
    guard let change = changes[address]?.change, change.reasons.isEmpty,
      change.verb == .update || change.verb == .replace
    else { return [] }
    return graph.closure(of: [address]).subtracting([address]).sorted().compactMap { other in
      guard let change = changes[other]?.change else { return nil }
      // What is made for the first time is no reason for anything, nor is what nothing notices.
      let reasons =
        predecessors.predecessor(of: other)?.reasons ?? (change.disruption >= .restart ? change.reasons : [])
      return reasons.isEmpty ? nil : Cause(address: other, verb: change.verb, reasons: reasons)
    }
  }

  private static func words(of resource: (any Resource)?) -> String? {
    switch resource {
    case nil: return nil
    case let machine as VirtualMachine:
      let addresses = machine.design.networks.flatMap(\.addresses).map { "\($0.address)" }
      let size = "\(machine.design.memory), \(counted(machine.design.cpus, "processor"))"
      return ([size] + addresses).joined(separator: ", ")
    case let disk as Disk: return disk.words
    case let bridge as Bridge:
      return (["link \(bridge.design.name)"] + bridge.design.addresses.map(\.description)).joined(separator: ", ")
    case let tap as Tap: return "a port of bridge \(tap.bridge)"
    case let server as Nameserver: return "answers at \(enumerated(server.design.addresses.map(\.description)))"
    default: return nil
    }
  }

  /// What one has of the other.
  private static func words(from: ResourceAddress, to: ResourceAddress) -> String {
    switch (from.kind, to.kind) {
    case (VirtualMachine.kind, VirtualMachine.kind): "depends_on: it is ready first"
    case (VirtualMachine.kind, Disk.kind): from.name == to.name ? "boots from it" : "has it as a disk"
    case (VirtualMachine.kind, Tap.kind): "is plugged into it"
    case (VirtualMachine.kind, Kernel.kind): "boots it"
    case (VirtualMachine.kind, Limit.kind): "takes no more than that"
    case (VirtualMachine.kind, Nameserver.kind): "asks it for names"
    case (VirtualMachine.kind, Key.kind):
      to.name == KeyUse.client.name ? "is logged in to with it" : "proves itself with it"
    case (Disk.kind, Image.kind): "is an overlay of it"
    case (Image.kind, Rootfs.kind): "is made of it"
    case (Image.kind, Kernel.kind): "holds it"
    case (Rootfs.kind, Rootfs.kind): "has its packages over it"
    case (Tap.kind, Bridge.kind): "is a port of it"
    case (Nameserver.kind, Bridge.kind): "listens on it"
    case (_, Firewall.kind): "is filtered by it"
    default: "stands on it"
    }
  }
}
