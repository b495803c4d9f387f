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
    add(surveyor.forwards(to: groups))
    toWorld = toWorld.mapValues(\.joined)
    fromWorld = fromWorld.mapValues(\.joined)
  }

  /// What came to the host and was led on to a VM.
  private mutating func add(_ forwards: [Surveyor.Forward: Surveyor.Forwarded]) {
    for (forward, access) in forwards {
      guard let to = group[forward.to] else { continue }
      switch forward.from {
      case .host: fromHost[to, default: Reach()].add(access)
      case .world(let family, let range):
        var reach = Reach()
        reach.add(access)
        fromWorld[to, default: WorldReach()].add(reach, family, range)
      case .group(let from):
        between[Pair(from: from, to: to), default: Reach()].add(access)
        for pair in exceptions.keys where group[pair.from] == from && group[pair.to] == to {
          exceptions[pair]?.add(access)
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
