import Network

extension Surveyor {
  func reachOfHost(from machine: Int) -> Reach {
    var reach = Reach()
    for port in ports(of: machine) {
      guard let bridge = topology.plug(of: port)?.bridge else { continue }
      for source in topology.interface(port).addresses.map(\.address) {
        let own = bridge.addresses.map(\.address).filter { $0.family == source.family }
        guard let next = own.first else { continue }
        for address in own {
          let question = Survey.Question(
            way: .port(port, next: address), family: source.family, sources: value(source),
            destinations: value(address))
          survey.ask(question) { reach.add($0, for: .host, isOwn: true) }
        }
        // Which address of the host it is only matters where something asks for it.
        let others = (hostAddresses[source.family] ?? []).filter { !own.contains($0) }.map(value)
        let question = Survey.Question(
          way: .port(port, next: next), family: source.family, sources: value(source), destinations: 0...0,
          isForHost: true)
        survey.ask(question, over: others + (world.ranges[source.family] ?? []), of: .destination) {
          reach.add($0, for: .host, isOwn: false)
        }
      }
      let local = Survey.Question(
        way: .port(port, next: .hostLinkLocal), family: .v6,
        sources: value(topology.interface(port).mac.linkLocalAddress), destinations: value(.hostLinkLocal))
      survey.ask(local) { reach.add($0, for: .host, isOwn: false) }
    }
    return reach
  }

  func reachFromHost(to machine: Int) -> Reach {
    var reach = Reach()
    let party = Party.machine(network.machines[machine].name)
    for port in ports(of: machine) {
      guard let bridge = topology.plug(of: port)?.bridge else { continue }
      for destination in topology.interface(port).addresses.map(\.address) {
        guard let source = bridge.addresses.first(where: { $0.address.family == destination.family })?.address
        else { continue }
        let question = Survey.Question(
          way: .host, family: source.family, sources: value(source), destinations: value(destination))
        survey.ask(question) { reach.add($0, for: party, isOwn: true) }
      }
    }
    return reach
  }
}
