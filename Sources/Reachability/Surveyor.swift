import Network

extension Reachability {
  /// Judges all packets between all parties of a network, with br_netfilter off and on.
  package init(_ network: CompiledNetwork) {
    let surveyor = Surveyor(network)
    let groups = MachineGroups(network)
    let machines = network.machines
    self.init()
    self.groups = groups.groups.map { members in members.map { machines[$0].name }.sorted() }
    for (number, names) in self.groups.enumerated() { for name in names { group[name] = number } }
    for machine in machines { addresses[machine.name] = machine.interfaces.flatMap(\.addresses).map(\.address) }
    bridges = Self.bridges(of: network)
    for (from, members) in groups.groups.enumerated() {
      for (to, others) in groups.groups.enumerated() {
        guard let one = members.first, let other = others.first(where: { $0 != one }) else { continue }
        // Two that are named together are no example for the others.
        let pair = surveyor.example(members, others, besides: groups.pairs) ?? (one, other)
        between[Pair(from: from, to: to)] = surveyor.reach(from: pair.0, to: pair.1)
      }
      toHost[from] = surveyor.reachOfHost(from: members[0])
      fromHost[from] = surveyor.reachFromHost(to: members[0])
      toWorld[from] = surveyor.reachOfWorld(from: members[0])
      fromWorld[from] = surveyor.reachFromWorld(to: members[0])
    }
    for pair in groups.pairs {
      let reach = surveyor.reach(from: pair.from, to: pair.to)
      if between[Pair(from: groups.group[pair.from], to: groups.group[pair.to])] != reach {
        exceptions[Pair(from: machines[pair.from].name, to: machines[pair.to].name)] = reach
      }
    }
    addForwards(surveyor.forwards(to: groups), machines)
  }

  /// What came to the host and was led on to a VM.
  private mutating func addForwards(_ forwards: [Surveyor.Forward], _ machines: [CompiledNetwork.Machine]) {
    for forward in forwards {
      guard let to = group[forward.to] else { continue }
      switch forward.from {
      case .host: fromHost[to, default: Reach()].formUnion(forward.reach)
      case .world(let family, let range): fromWorld[to, default: WorldReach()].add(forward.reach, family, range)
      case .group(let from):
        between[Pair(from: from, to: to), default: Reach()].formUnion(forward.reach)
        for (pair, reach) in exceptions where group[pair.from] == from && group[pair.to] == to {
          var reach = reach
          reach.formUnion(forward.reach)
          exceptions[pair] = reach
        }
      }
    }
  }

  private static func bridges(of network: CompiledNetwork) -> [String: Set<String>] {
    let names = Dictionary(network.bridges.map { ($0.link, $0.name) }) { first, _ in first }
    let masters = Dictionary(network.taps.map { ($0.link, $0.master) }) { first, _ in first }
    var bridges: [String: Set<String>] = [:]
    for bridge in network.bridges { bridges[bridge.name] = [] }
    for machine in network.machines {
      for interface in machine.interfaces {
        guard let master = masters[interface.tap] ?? nil, let name = names[master] else { continue }
        bridges[name, default: []].insert(machine.name)
      }
    }
    return bridges
  }
}

/// Puts the questions that make up a network's reachability.
struct Surveyor {
  private let network: CompiledNetwork
  private let topology: Topology
  private let survey: Survey
  private let world: WorldSpace
  /// Every address of the host that is known, by family.
  private let hostAddresses: [IPAddress.Family: [IPAddress]]

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

  private func ports(of machine: Int) -> [Topology.Port] {
    network.machines[machine].interfaces.indices.map { Topology.Port(machine: machine, interface: $0) }
  }

  private func value(_ address: IPAddress) -> ClosedRange<UInt128> { address.value...address.value }

  // MARK: between VMs

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
  private func questions(from machine: Int, to destination: IPAddress) -> [(Survey.Question, isOwn: Bool)] {
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
  private func addLinkLocal(from: Int, to: Int, _ reach: inout Reach) {
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
  private func ask(_ question: Survey.Question, for party: Party, isOwn: Bool) -> Reach {
    var reach = Reach()
    survey.ask(question) { reach.add($0, for: party, isOwn: isOwn) }
    return reach
  }

  // MARK: the host

  func reachOfHost(from machine: Int) -> Reach {
    var reach = Reach()
    for port in ports(of: machine) {
      guard let (_, bridge) = topology.plug(of: port) else { continue }
      for source in topology.interface(port).addresses.map(\.address) {
        let own = bridge.addresses.map(\.address).filter { $0.family == source.family }
        guard let next = own.first else { continue }
        for address in hostAddresses[source.family] ?? [] {
          let isOwn = own.contains(address)
          let question = Survey.Question(
            way: .port(port, next: isOwn ? address : next), family: source.family, sources: value(source),
            destinations: value(address))
          let found = ask(question, for: .host, isOwn: isOwn)
          reach.merge(found)
          guard isOwn else { continue }
          let certain = found.possible.certainly(found)
          reach.certain.replace(
            source.family, with: reach.families.contains(source.family) ? reach.certain.intersection(certain) : certain)
          reach.families.insert(source.family)
        }
        for range in world.ranges[source.family] ?? [] {
          let question = Survey.Question(
            way: .port(port, next: next), family: source.family, sources: value(source), destinations: range,
            isForHost: true)
          survey.ask(question) { reach.add($0, for: .host, isOwn: false) }
        }
      }
      let local = Survey.Question(
        way: .port(port, next: .hostLinkLocal), family: .v6,
        sources: value(topology.interface(port).mac.linkLocalAddress), destinations: value(.hostLinkLocal))
      reach.merge(ask(local, for: .host, isOwn: false))
    }
    return reach
  }

  func reachFromHost(to machine: Int) -> Reach {
    var reach = Reach()
    let party = Party.machine(network.machines[machine].name)
    for port in ports(of: machine) {
      guard let (_, bridge) = topology.plug(of: port) else { continue }
      for destination in topology.interface(port).addresses.map(\.address) {
        guard let source = bridge.addresses.first(where: { $0.address.family == destination.family })?.address
        else { continue }
        let question = Survey.Question(
          way: .host, family: source.family, sources: value(source), destinations: value(destination))
        let found = ask(question, for: party, isOwn: true)
        reach.merge(found)
        let certain = found.possible.certainly(found)
        reach.certain.replace(
          source.family, with: reach.families.contains(source.family) ? reach.certain.intersection(certain) : certain)
        reach.families.insert(source.family)
      }
    }
    return reach
  }

  // MARK: the world

  func reachOfWorld(from machine: Int) -> WorldReach {
    var reach = WorldReach()
    for family in IPAddress.Family.allCases {
      for range in world.ranges[family] ?? [] {
        let route = topology.route(from: machine, to: IPAddress(family, value: range.lowerBound))
        var ways: [(port: Topology.Port, next: IPAddress, isOwn: Bool)] = []
        if let route { ways.append((route.port, route.next, true)) }
        for port in ports(of: machine) {
          guard let (_, bridge) = topology.plug(of: port),
            let next = bridge.addresses.first(where: { $0.address.family == family })?.address,
            route?.port != port || route?.next != next
          else { continue }
          ways.append((port, next, false))
        }
        for way in ways {
          let isHost = topology.plug(of: way.port)?.bridge.has(way.next) ?? false
          for source in topology.interface(way.port).addresses.map(\.address) where source.family == family {
            let question = Survey.Question(
              way: .port(way.port, next: way.next), family: family, sources: value(source), destinations: range,
              mayCross: !isHost)
            survey.ask(question) { answer in
              reach.add(Reach(answer, for: .world, isOwn: way.isOwn), family, answer.destination)
            }
          }
        }
      }
    }
    return reach
  }

  func reachFromWorld(to machine: Int) -> WorldReach {
    var reach = WorldReach()
    let party = Party.machine(network.machines[machine].name)
    for destination in network.machines[machine].interfaces.flatMap(\.addresses).map(\.address) {
      for range in world.ranges[destination.family] ?? [] {
        let question = Survey.Question(
          way: .outside, family: destination.family, sources: range, destinations: value(destination))
        survey.ask(question) { answer in
          reach.add(Reach(answer, for: party, isOwn: true), destination.family, answer.source)
        }
      }
    }
    return reach
  }

  // MARK: what is led on

  /// Something that was sent to the host and came to a VM.
  struct Forward {
    var from: Sender
    var to: String
    var reach: Reach

    enum Sender {
      case host
      case group(Int)
      case world(IPAddress.Family, ClosedRange<UInt128>)
    }
  }

  /// Nothing where no rule gives packets another destination.
  func forwards(to groups: MachineGroups) -> [Forward] {
    guard network.tables.contains(where: \.translatesDestinations) else { return [] }
    var found: [Forward] = []
    func add(_ question: Survey.Question, _ sender: (Survey.Answer) -> Forward.Sender) {
      survey.ask(question) { answer in
        guard case .passes(let arrival) = answer.verdict, arrival.isTranslated, case .machine(let name) = arrival.party
        else { return }
        var reach = Reach(answer, for: arrival.party, isOwn: true)
        reach.certain = reach.possible
        found.append(Forward(from: sender(answer), to: name, reach: reach))
      }
    }
    for family in IPAddress.Family.allCases {
      let known = (hostAddresses[family] ?? []).map(value)
      let all = known + (world.ranges[family] ?? [])
      for destinations in all {
        for sources in world.ranges[family] ?? [] {
          let question = Survey.Question(
            way: .outside, family: family, sources: sources, destinations: destinations, isForHost: true)
          add(question) { .world(family, $0.source) }
        }
        if let source = known.first {
          let question = Survey.Question(
            way: .host, family: family, sources: source, destinations: destinations, isForHost: true)
          add(question) { _ in .host }
        }
        for (number, members) in groups.groups.enumerated() {
          for port in ports(of: members[0]) {
            guard let next = topology.plug(of: port)?.bridge.addresses.first(where: { $0.address.family == family })
            else { continue }
            for source in topology.interface(port).addresses.map(\.address) where source.family == family {
              let question = Survey.Question(
                way: .port(port, next: next.address), family: family, sources: value(source),
                destinations: destinations, isForHost: true)
              add(question) { _ in .group(number) }
            }
          }
        }
      }
    }
    return found
  }
}

extension Table {
  fileprivate var translatesDestinations: Bool {
    chains.values.contains { chain in
      chain.rules.contains { rule in
        rule.expressions.contains { expression in
          if case .translate(let translation) = expression { translation.isDestination } else { false }
        }
      }
    }
  }
}

extension Reach {
  init(_ answer: Survey.Answer, for party: Party, isOwn: Bool) {
    self.init()
    add(answer, for: party, isOwn: isOwn)
    if isOwn {
      families = [answer.family]
      if answer.verdict.passes { certain = possible }
    }
  }

  mutating func add(_ answer: Survey.Answer, for party: Party, isOwn: Bool) {
    switch answer.verdict {
    case .passes(let arrival):
      if arrival.party == party { possible[answer.family, answer.traffic].insert(answer.arrivingPorts) }
    case .undecided(let doubt):
      possible[answer.family, answer.traffic].insert(answer.ports)
      self.doubt = self.doubt ?? doubt
    case .blocked(let obstacle):
      if isOwn { self.obstacle = self.obstacle ?? obstacle }
    }
  }

  /// What is possible by another way is possible; what is certain is the caller's affair.
  mutating func merge(_ other: Reach) {
    possible.formUnion(other.possible)
    doubt = doubt ?? other.doubt
    obstacle = obstacle ?? other.obstacle
  }
}

extension Access {
  /// Nothing of what was found in doubt.
  fileprivate func certainly(_ found: Reach) -> Access { found.doubt == nil ? self : .none }

  fileprivate mutating func replace(_ family: IPAddress.Family, with other: Access) {
    for traffic in Traffic.allCases { self[family, traffic] = other[family, traffic] }
  }
}
