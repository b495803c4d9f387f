import Host
import Network
import Reconcile
import Resources

extension Diagram {
  /// What should exist and what it stands on.
  ///
  /// - Parameters:
  ///   - plan: shown with it; nil: none is.
  ///   - observation: what the plan was made from; asked only for what is to go.
  init(resourcesOf graph: ResourceGraph, of constellation: String, plan: Plan? = nil, observation: Observation? = nil) {
    self.init(constellation: constellation, subject: .resources, showsPlan: plan != nil)
    let fates = Fates(plan, besides: graph)
    let owners = MachineOwners(graph)
    let addresses = graph.order.sorted() + fates.departing
    for address in addresses {
      let machine = owners.machine(of: address)
      let bridges = machine.map { owners.bridges(of: $0) }
      nodes.append(
        Node(
          id: "\(address)", label: address.name, category: Category(rawValue: address.kind) ?? .other,
          facts: Self.facts(of: graph.resources[address]), group: bridges.map(Self.groupName), machine: machine,
          fate: fates[address], plan: fates.words(of: address)))
    }
    let direct = DirectDependencies(graph, departing: fates.departing, observation: observation)
    for address in addresses {
      for other in direct.dependencies(of: address) {
        edges.append(Edge(from: "\(address)", to: "\(other)", kind: .dependency))
      }
    }
    groups = Set(nodes.compactMap(\.group)).sorted().map { Group(id: $0, label: $0) }
  }

  /// VMs of the same bridges stand together.
  static func groupName(_ bridges: [String]) -> String {
    bridges.isEmpty ? "VMs without a network" : "VMs on \(enumerated(bridges))"
  }

  private static func facts(of resource: (any Resource)?) -> [String] {
    switch resource {
    case let machine as VirtualMachine:
      ["\(machine.design.memory), \(counted(machine.design.cpus, "processor"))"]
        + machine.design.networks.flatMap(\.addresses).map { "\($0.address)" }
    case let disk as Disk: ["\(disk.words)"]
    case let bridge as Bridge: bridge.design.addresses.map(\.description) + ["link \(bridge.design.name)"]
    case let tap as Tap: ["on \(tap.bridge)"]
    default: []
    }
  }
}

extension Disk {
  /// What it is, in a few words.
  var words: String {
    switch design.content {
    case .overlay: "root disk"
    case .own: design.size.map { "root disk of its own, \($0)" } ?? "root disk of its own"
    case .data(let fileSystem, _): "data, \(fileSystem ?? "blank")" + (design.size.map { ", \($0)" } ?? "")
    }
  }
}
