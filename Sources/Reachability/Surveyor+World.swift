import Network

extension Surveyor {
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
      let question = Survey.Question(
        way: .outside, family: destination.family, sources: 0...0, destinations: value(destination))
      survey.ask(question, over: world.ranges[destination.family] ?? [], of: .source) { answer in
        reach.add(Reach(answer, for: party, isOwn: true), destination.family, answer.source)
      }
    }
    return reach
  }
}
