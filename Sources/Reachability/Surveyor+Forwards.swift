import Network

extension Surveyor {
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
