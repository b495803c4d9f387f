import Network

/// Puts the questions that make up a network's reachability.
struct Surveyor {
  let network: CompiledNetwork
  let topology: Topology
  let survey: Survey
  let world: WorldSpace
  /// Every address of the host that is known, by family.
  let hostAddresses: [IPAddress.Family: [IPAddress]]

  init(_ network: CompiledNetwork) {
    self.network = network
    let evaluator = Evaluator(network)
    topology = evaluator.topology
    survey = Survey(evaluator: evaluator)
    world = WorldSpace(network)
    hostAddresses = Dictionary(grouping: network.bridges.flatMap(\.addresses).map(\.address).sorted(), by: \.family)
  }

  /// Two VMs of two groups that no member names together; nil where there are none.
  func example(_ members: [Int], _ others: [Int], besides pairs: Set<MachinePair>) -> (Int, Int)? {
    for one in members {
      for other in others where one != other && !pairs.contains(MachinePair(from: one, to: other)) {
        return (one, other)
      }
    }
    return nil
  }

  func ports(of machine: Int) -> [Topology.Port] {
    network.machines[machine].interfaces.indices.map { Topology.Port(machine: machine, interface: $0) }
  }

  func addresses(of machine: Int) -> [IPAddress] {
    network.machines[machine].interfaces.flatMap { $0.addresses.map(\.address) }
  }

  /// Those of the interface that a VM may send from by it.
  func sources(_ port: Topology.Port, _ family: IPAddress.Family) -> [IPAddress] {
    topology.interface(port).addresses.lazy.map(\.address).filter { $0.family == family }
  }

  func value(_ address: IPAddress) -> ClosedRange<UInt128> { address.value...address.value }

  /// How a VM may send something.
  struct Way {
    var port: Topology.Port
    var next: IPAddress
    /// It is the VM's own route.
    var isOwn: Bool

    /// To a neighbour on a bridge br_netfilter may make a difference; what goes to the host may come back to the bridge
    /// where it is led on.
    func bridgeFilters(_ topology: Topology) -> [Bool] {
      topology.plug(of: port)?.bridge.has(next) ?? false ? [false] : [false, true]
    }
  }

  /// By the VM's own route first; then every other way that it could take: by the host, and to a neighbour straight.
  func ways(from machine: Int, to destination: IPAddress) -> [Way] {
    let route = topology.route(from: machine, to: destination)
    var ways: [Way] = []
    if let route { ways.append(Way(port: route.port, next: route.next, isOwn: true)) }
    for port in ports(of: machine) {
      guard let bridge = topology.plug(of: port)?.bridge else { continue }
      var hops = bridge.addresses.map(\.address).filter { $0.family == destination.family }.prefix(1)
      if topology.neighbor(destination, on: bridge.link) != nil { hops.append(destination) }
      for next in hops where route?.port != port || route?.next != next {
        ways.append(Way(port: port, next: next, isOwn: false))
      }
    }
    return ways
  }

  func reach(from: Int, to: Int) -> Reach {
    var reach = Reach()
    let party = Party.machine(network.machines[to].name)
    let families = Set(addresses(of: from).map(\.family))
    for destination in addresses(of: to) where families.contains(destination.family) {
      let family = destination.family
      var hasRoute = false
      for way in ways(from: from, to: destination) {
        for source in sources(way.port, family) {
          hasRoute = hasRoute || way.isOwn
          let question = Survey.Question(
            way: .port(way.port, next: way.next), family: family, sources: value(source),
            destinations: value(destination), bridgeFilters: way.bridgeFilters(topology))
          survey.ask(question) { reach.add($0, for: party, isOwn: way.isOwn) }
        }
      }
      if !hasRoute { reach.refuse(family, because: .noRoute(network.machines[from].name)) }
    }
    addLinkLocal(from: from, to: to, &reach)
    return reach
  }

  /// Every interface has such an address, whatever was configured.
  private func addLinkLocal(from: Int, to: Int, _ reach: inout Reach) {
    let party = Party.machine(network.machines[to].name)
    for port in ports(of: from) {
      guard let bridge = topology.plug(of: port)?.bridge else { continue }
      for other in ports(of: to) where topology.plug(of: other)?.bridge.link == bridge.link {
        let destination = topology.interface(other).mac.linkLocalAddress
        let question = Survey.Question(
          way: .port(port, next: destination), family: .v6,
          sources: value(topology.interface(port).mac.linkLocalAddress), destinations: value(destination),
          bridgeFilters: [false, true])
        survey.ask(question) { reach.add($0, for: party, isOwn: false) }
      }
    }
  }
}
