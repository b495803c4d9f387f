import Network

extension Surveyor {
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
        let question = Survey.Question(
          way: .port(port, next: next), family: source.family, sources: value(source), destinations: 0...0,
          isForHost: true)
        survey.ask(question, over: world.ranges[source.family] ?? [], of: .destination) {
          reach.add($0, for: .host, isOwn: false)
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
}
