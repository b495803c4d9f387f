import Network

extension Surveyor {
  func reachOfWorld(from machine: Int) -> WorldReach {
    var reach = WorldReach()
    for family in Set(addresses(of: machine).map(\.family)).sorted() {
      for ranges in worldByRoute(of: machine, family) {
        guard let first = ranges.first else { continue }
        let ways = ways(from: machine, to: IPAddress(family, value: first.lowerBound))
        for way in ways {
          for source in sources(way.port, family) {
            let question = Survey.Question(
              way: .port(way.port, next: way.next), family: family, sources: value(source), destinations: 0...0,
              bridgeFilters: way.bridgeFilters(topology))
            survey.ask(question, over: ranges, of: .destination) { answer in
              reach.add(answer, for: .world, isOwn: way.isOwn, answer.destination)
            }
          }
        }
        if !ways.contains(where: { $0.isOwn && !sources($0.port, family).isEmpty }) {
          for range in ranges { reach.refuse(family, range, because: .noRoute(network.machines[machine].name)) }
        }
      }
    }
    return reach
  }

  /// The world, all that the VM has one route to together: what lies in networks of its interfaces on bridges that are
  /// not ours is no way off.
  private func worldByRoute(of machine: Int, _ family: IPAddress.Family) -> [[ClosedRange<UInt128>]] {
    var rest = world.ranges[family] ?? []
    var near: [[ClosedRange<UInt128>]] = []
    for address in network.machines[machine].interfaces.flatMap(\.addresses) where address.address.family == family {
      let own = address.prefix.address.value...address.prefix.last.value
      for range in rest where range.overlaps(own) { near.append([range.clamped(to: own)]) }
      rest = rest.flatMap { $0.without(own) }
    }
    return [rest] + near
  }

  func reachFromWorld(to machine: Int) -> WorldReach {
    var reach = WorldReach()
    let party = Party.machine(network.machines[machine].name)
    for destination in addresses(of: machine) {
      let question = Survey.Question(
        way: .outside, family: destination.family, sources: 0...0, destinations: value(destination))
      survey.ask(question, over: world.ranges[destination.family] ?? [], of: .source) { answer in
        reach.add(answer, for: party, isOwn: true, answer.source)
      }
    }
    return reach
  }
}
