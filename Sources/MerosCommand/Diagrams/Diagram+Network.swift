import Host
import Network
import Reachability
import Reconcile
import Resources

extension Diagram {
  /// Bridges, VMs, the host and the world, how they are plugged together, and who may start what to whom by the rules
  /// as the kernel gets them.
  ///
  /// - Parameters:
  ///   - plan: shown with it; nil: none is.
  ///   - difference: who newly reaches whom by the plan, and who no longer does.
  init(
    networkOf graph: ResourceGraph, of constellation: String, plan: Plan? = nil,
    difference: ReachabilityDifference? = nil
  ) {
    self.init(constellation: constellation, subject: .network, showsPlan: plan != nil)
    let fates = Fates(plan, besides: graph)
    let network = CompiledNetwork(graph, former: ForwardingState(ipv4: false, ipv6: false))
    let policy = (graph.resources.values.lazy.compactMap { $0 as? Firewall }.first)?.policy
    addEnds()
    addBridges(network, policy, graph, fates)
    addMachines(graph, fates)
    addRoutes(graph)
    addForwards(policy)
    addReach(ReachabilityMatrix(Reachability(network)), difference)
    let used = Set(nodes.compactMap(\.group))
    let named = groups.filter { used.contains($0.id) }
    groups = named + used.subtracting(named.map(\.id)).sorted().map { Group(id: $0, label: $0) }
  }

  private static let world = "world"
  private static let host = "host"

  private static func id(_ bridge: String) -> String { "\(ResourceAddress(kind: Bridge.kind, name: bridge))" }
  private static func id(machine: String) -> String { "\(ResourceAddress(kind: VirtualMachine.kind, name: machine))" }

  private mutating func addEnds() {
    nodes.append(Node(id: Self.world, label: "world", category: .world, facts: ["every address outside"]))
    nodes.append(Node(id: Self.host, label: "host", category: .host, facts: ["this machine"]))
    edges.append(Edge(from: Self.host, to: Self.world, kind: .cable))
  }

  private mutating func addBridges(
    _ network: CompiledNetwork, _ policy: FilterPolicy?, _ graph: ResourceGraph, _ fates: Fates
  ) {
    let rules = Dictionary((policy?.bridges ?? []).map { ($0.name, $0) }) { first, _ in first }
    let departing = fates.departing.filter { $0.kind == Bridge.kind }.map(\.name)
    for name in network.bridges.map(\.name) + departing {
      let address = ResourceAddress(kind: Bridge.kind, name: name)
      let bridge = network.bridges.first { $0.name == name }
      let addresses = bridge?.addresses.map(\.description) ?? []
      groups.append(Group(id: name, label: name, head: "\(address)"))
      nodes.append(
        Node(
          id: "\(address)", label: name, category: .bridge,
          facts: addresses + (rules[name].map(Self.words) ?? []), group: name,
          fate: fates[address], plan: fates.words(of: address)))
      edges.append(Edge(from: "\(address)", to: Self.host, kind: .cable))
    }
  }

  private static func words(_ bridge: FilterPolicy.Bridge) -> [String] {
    [bridge.isOurs ? bridge.policy.rawValue : "\(bridge.policy.rawValue), not made by meros"]
      + (bridge.hasOpenPeers ? [] : ["peers: isolated"]) + (bridge.servesNames ? ["name server"] : [])
  }

  private mutating func addMachines(_ graph: ResourceGraph, _ fates: Fates) {
    let owners = MachineOwners(graph)
    let wanted = graph.resources.keys.filter { $0.kind == VirtualMachine.kind }
    let departing = fates.departing.filter { $0.kind == VirtualMachine.kind }
    for address in (wanted + departing).sorted() {
      let design = (graph.resources[address] as? VirtualMachine)?.design
      let bridges = owners.bridges(of: address.name)
      nodes.append(
        Node(
          id: "\(address)", label: address.name, category: .vm,
          facts: (design?.networks ?? []).flatMap(\.addresses).map { "\($0.address)" },
          group: bridges.count == 1 ? bridges[0] : Self.groupName(bridges), machine: address.name,
          fate: fates[address], plan: fates.words(of: address)))
      for interface in design?.networks ?? [] {
        let tap = graph.resources[ResourceAddress(kind: Tap.kind, name: interface.tap.text)] as? Tap
        guard let bridge = tap?.bridge else { continue }
        edges.append(
          Edge(
            from: "\(address)", to: Self.id(bridge), kind: .cable,
            label: bridges.count == 1 ? "" : interface.addresses.map { "\($0.address)" }.joined(separator: "\n")))
      }
    }
  }

  /// Where the way off a VM is another VM.
  private mutating func addRoutes(_ graph: ResourceGraph) {
    let designs = graph.resources.values.compactMap { ($0 as? VirtualMachine)?.design }.sorted { $0.name < $1.name }
    var owners: [IPAddress: String] = [:]
    for design in designs {
      for address in design.networks.flatMap(\.addresses) { owners[address.address] = design.name }
    }
    for design in designs {
      for gateway in design.networks.flatMap(\.gateways) {
        guard let other = owners[gateway] else { continue }
        edges.append(
          Edge(
            from: Self.id(machine: design.name), to: Self.id(machine: other), kind: .route,
            label: "gateway \(gateway)"))
      }
    }
  }

  private mutating func addForwards(_ policy: FilterPolicy?) {
    var owners: [IPAddress: String] = [:]
    for tap in policy?.taps ?? [] { for address in tap.addresses { owners[address] = tap.vm } }
    for forward in policy?.forwards ?? [] {
      let place = forward.address.map { "\($0) port \(forward.hostPort)" } ?? "port \(forward.hostPort)"
      for machine in Set(forward.targets.compactMap { owners[$0] }).sorted() {
        edges.append(
          Edge(
            from: Self.host, to: Self.id(machine: machine), kind: .forward,
            label: "\(place) -> \(forward.transport)/\(forward.port)"))
      }
    }
  }

  private mutating func addReach(_ matrix: ReachabilityMatrix, _ difference: ReachabilityDifference?) {
    let added = Set((difference?.added ?? []).flatMap { reach($0, .change(.create, .live)) })
    let fresh = Set(added.map(\.plain))
    let all = matrix.lines.flatMap { reach($0, nil) }.filter { !fresh.contains($0.plain) }
    let removed = (difference?.removed ?? []).flatMap { reach($0, .change(.delete, .live)) }
    var seen: Set<Edge> = []
    let sorted = all + added.sorted { ($0.from, $0.to, $0.label) < ($1.from, $1.to, $1.label) } + removed
    edges += sorted.filter { seen.insert($0).inserted }
  }

  /// One edge for each pair; whoever is named and not there yet comes with it.
  private mutating func reach(_ line: ReachabilityLine, _ fate: Fate?) -> [Edge] {
    let what = line.access.text(line.families)
    let label = line.doubt.map { "\(what), perhaps: \($0)" } ?? what
    var found: [Edge] = []
    for from in line.from {
      for to in line.to {
        let isUsual = from == .host && what == "everything" && fate == nil
        found.append(
          Edge(from: party(from), to: party(to), kind: .reach, label: label, fate: fate, isUsual: isUsual))
      }
    }
    return found
  }

  private mutating func party(_ name: ReachabilityLine.Name) -> String {
    switch name {
    case .host: return Self.host
    case .world: return Self.world
    case .bridge(let bridge):
      add(Node(id: Self.id(bridge), label: bridge, category: .bridge, group: bridge))
      return Self.id(bridge)
    case .machine(let machine):
      let id = Self.id(machine: machine)
      add(Node(id: id, label: machine, category: .vm, machine: machine))
      return id
    case .addresses:
      add(Node(id: "\(name)", label: "\(name)", category: .addresses, facts: ["addresses of the world"]))
      return "\(name)"
    }
  }
}
