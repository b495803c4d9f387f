import Network

extension Surveyor {
  /// Who sent something to the host that came to which VM.
  struct Forward: Hashable {
    var from: Sender
    var to: String

    enum Sender: Hashable {
      case host
      case group(Int)
      case world(IPAddress.Family, ClosedRange<UInt128>)
    }
  }

  /// What arrived of it.
  struct Forwarded {
    var possible = Access.none
    /// From every port of clients and every address of the sender, whether br_netfilter is on or off.
    var certain = Access.none
  }

  /// Nothing where no rule gives packets another destination.
  func forwards(to groups: MachineGroups) -> [Forward: Forwarded] {
    guard network.tables.contains(where: \.translatesDestinations) else { return [:] }
    var found: [Forward: Forwarded] = [:]
    for family in IPAddress.Family.allCases {
      let known = (hostAddresses[family] ?? []).map(value)
      let all = known + (world.ranges[family] ?? [])
      for sources in world.ranges[family] ?? [] {
        let question = Survey.Question(
          way: .outside, family: family, sources: sources, destinations: 0...0, isForHost: true)
        found.merge(arriving(question, all) { .world(family, $0.source) }, uniquingKeysWith: Forwarded.either)
      }
      if let source = known.first {
        let question = Survey.Question(
          way: .host, family: family, sources: source, destinations: 0...0, isForHost: true)
        found.merge(arriving(question, all) { _ in .host }, uniquingKeysWith: Forwarded.either)
      }
      for (number, members) in groups.groups.enumerated() {
        found.merge(forwards(from: members[0], of: number, family, all), uniquingKeysWith: Forwarded.either)
      }
    }
    return found
  }

  private func forwards(
    from machine: Int, of group: Int, _ family: IPAddress.Family, _ all: [ClosedRange<UInt128>]
  ) -> [Forward: Forwarded] {
    var found: [Forward: Forwarded] = [:]
    for port in ports(of: machine) {
      guard let bridge = topology.plug(of: port)?.bridge,
        let next = bridge.addresses.first(where: { $0.address.family == family })
      else { continue }
      let own = all.filter { range in
        let route = topology.route(from: machine, to: IPAddress(family, value: range.lowerBound))
        return route.map { $0.port == port && bridge.has($0.next) } ?? false
      }
      for (ranges, isOwn) in [(own, true), (all.filter { !own.contains($0) }, false)] {
        let bySource = sources(port, family).map { source in
          // What is led on to a neighbour may come back to the bridge.
          let question = Survey.Question(
            way: .port(port, next: next.address), family: family, sources: value(source), destinations: 0...0,
            isForHost: true, bridgeFilters: [false, true])
          return arriving(question, ranges) { _ in .group(group) }
        }
        for forward in Set(bySource.flatMap(\.keys)) {
          var both = Forwarded.all(bySource.map { $0[forward] ?? Forwarded() })
          if !isOwn { both.certain = .none }
          found[forward] = Forwarded.either(found[forward] ?? Forwarded(), both)
        }
      }
    }
    return found
  }

  private func arriving(
    _ question: Survey.Question, _ destinations: [ClosedRange<UInt128>],
    from sender: (Survey.Answer) -> Forward.Sender
  ) -> [Forward: Forwarded] {
    let each = question.bridgeFilters.map { hasBridgeFilter in
      var question = question
      question.bridgeFilters = [hasBridgeFilter]
      var arrivals = Arrivals()
      survey.ask(question, over: destinations, of: .destination) { answer in
        guard case .passes(let arrival) = answer.verdict, arrival.isTranslated, case .machine(let name) = arrival.party
        else { return }
        arrivals.add(answer, Forward(from: sender(answer), to: name))
      }
      return arrivals.found
    }
    var found: [Forward: Forwarded] = [:]
    for forward in Set(each.flatMap(\.keys)) { found[forward] = .all(each.map { $0[forward] ?? Forwarded() }) }
    return found
  }
}

extension Surveyor.Forwarded {
  /// By one way or the other.
  fileprivate static func either(_ one: Self, _ other: Self) -> Self {
    var both = one
    both.possible.formUnion(other.possible)
    both.certain.formUnion(other.certain)
    return both
  }

  /// Certain where it is certain of all.
  fileprivate static func all(_ some: [Self]) -> Self {
    var all = some.first ?? Self()
    for one in some.dropFirst() {
      all.possible.formUnion(one.possible)
      all.certain = all.certain.intersection(one.certain)
    }
    return all
  }
}

/// Gathers what arrives, and from which ports all of it does.
private struct Arrivals {
  private(set) var found: [Surveyor.Forward: Surveyor.Forwarded] = [:]
  /// By what was sent, the ports that it arrives from.
  private var senders: [Sent: PortSet] = [:]

  private struct Sent: Hashable {
    var forward: Surveyor.Forward
    var destination: ClosedRange<UInt128>
    var ports: ClosedRange<UInt16>
    var arriving: ClosedRange<UInt16>
    var traffic: Traffic
  }

  mutating func add(_ answer: Survey.Answer, _ forward: Surveyor.Forward) {
    let sent = Sent(
      forward: forward, destination: answer.destination, ports: answer.ports, arriving: answer.arrivingPorts,
      traffic: answer.traffic)
    var ports = senders[sent] ?? Survey.Answer.serverPorts(answer.family, answer.traffic)
    ports.insert(answer.sourcePorts)
    senders[sent] = ports
    var forwarded = found[forward] ?? Surveyor.Forwarded()
    forwarded.possible[answer.family, answer.traffic].insert(answer.arrivingPorts)
    if ports.isAll { forwarded.certain[answer.family, answer.traffic].insert(answer.arrivingPorts) }
    found[forward] = forwarded
  }
}

extension Table {
  /// It has a rule that gives packets a destination, out of maps that are not empty.
  fileprivate var translatesDestinations: Bool {
    chains.values.contains { chain in
      chain.rules.contains { rule in
        let translates = rule.expressions.contains { expression in
          if case .translate(let translation) = expression { translation.isDestination } else { false }
        }
        let isIdle = rule.expressions.contains { expression in
          if case .map(_, let name, _) = expression { sets[name]?.elements.isEmpty ?? false } else { false }
        }
        return translates && !isIdle
      }
    }
  }
}
