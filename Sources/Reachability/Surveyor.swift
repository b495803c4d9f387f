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
  func example(_ members: [Int], _ others: [Int], besides pairs: Set<MachineGroups.Pair>) -> (Int, Int)? {
    for one in members {
      for other in others where one != other && !pairs.contains(MachineGroups.Pair(from: one, to: other)) {
        return (one, other)
      }
    }
    return nil
  }

  func ports(of machine: Int) -> [Topology.Port] {
    network.machines[machine].interfaces.indices.map { Topology.Port(machine: machine, interface: $0) }
  }

  func value(_ address: IPAddress) -> ClosedRange<UInt128> { address.value...address.value }

  func reach(from: Int, to: Int) -> Reach {
    var reach = Reach()
    for family in IPAddress.Family.allCases {
      var certain: Access?
      for destination in network.machines[to].interfaces.flatMap(\.addresses).map(\.address)
      where destination.family == family {
        for (question, isOwn) in questions(from: from, to: destination) {
          let found = ask(question, for: .machine(network.machines[to].name), isOwn: isOwn)
          reach.merge(found)
          if isOwn {
            certain = certain?.intersection(found.possible.certainly(found)) ?? found.possible.certainly(found)
          }
        }
      }
      if let certain {
        reach.families.insert(family)
        reach.certain.formUnion(certain)
      }
    }
    addLinkLocal(from: from, to: to, &reach)
    return reach
  }

  /// By the VM's own route first; then every other way that it could take.
  func questions(from machine: Int, to destination: IPAddress) -> [(Survey.Question, isOwn: Bool)] {
    let family = destination.family
    let route = topology.route(from: machine, to: destination)
    var ways: [(port: Topology.Port, next: IPAddress, isOwn: Bool)] = []
    if let route { ways.append((route.port, route.next, true)) }
    for port in ports(of: machine) {
      guard let (_, bridge) = topology.plug(of: port) else { continue }
      var hops = bridge.addresses.map(\.address).filter { $0.family == family }.prefix(1)
      if topology.neighbor(destination, on: bridge.link) != nil { hops.append(destination) }
      for next in hops where route?.port != port || route?.next != next { ways.append((port, next, false)) }
    }
    return ways.flatMap { way in
      topology.interface(way.port).addresses.map(\.address).filter { $0.family == family }.map { source in
        let isHost = topology.plug(of: way.port)?.bridge.has(way.next) ?? false
        return (
          Survey.Question(
            way: .port(way.port, next: way.next), family: family, sources: value(source),
            destinations: value(destination), mayCross: !isHost),
          way.isOwn
        )
      }
    }
  }

  /// Every interface has such an address, whatever was configured.
  func addLinkLocal(from: Int, to: Int, _ reach: inout Reach) {
    for port in ports(of: from) {
      guard let (_, bridge) = topology.plug(of: port) else { continue }
      for other in ports(of: to) where topology.plug(of: other)?.bridge.link == bridge.link {
        let destination = topology.interface(other).mac.linkLocalAddress
        let question = Survey.Question(
          way: .port(port, next: destination), family: .v6,
          sources: value(topology.interface(port).mac.linkLocalAddress), destinations: value(destination),
          mayCross: true)
        reach.merge(ask(question, for: .machine(network.machines[to].name), isOwn: false))
      }
    }
  }

  /// - Parameter isOwn: by a route that the VM has: what keeps it back is worth telling.
  func ask(_ question: Survey.Question, for party: Party, isOwn: Bool) -> Reach {
    var reach = Reach()
    survey.ask(question) { reach.add($0, for: party, isOwn: isOwn) }
    return reach
  }
}
