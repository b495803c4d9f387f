import Network

/// Asks the evaluator for all ports, and where it is wanted for all addresses, in as few questions as its answers allow.
struct Survey {
  let evaluator: Evaluator

  /// What one question was about, and its answer.
  struct Answer {
    var verdict: PacketVerdict
    var family: IPAddress.Family
    var traffic: Traffic
    var source: ClosedRange<UInt128>
    var destination: ClosedRange<UInt128>
    var ports: ClosedRange<UInt16>

    /// The ports at which it arrives.
    var arrivingPorts: ClosedRange<UInt16> {
      guard traffic.hasPorts else { return 0...UInt16.max }
      if case .passes(let arrival) = verdict, let port = arrival.port, port != ports.lowerBound { return port...port }
      return ports
    }
  }

  /// All packets from some addresses to others by one way.
  struct Question {
    var way: Evaluator.Way
    var family: IPAddress.Family
    var sources: ClosedRange<UInt128>
    var destinations: ClosedRange<UInt128>
    var isForHost = false
    /// The packet may cross a bridge, where br_netfilter may make a difference.
    var mayCross = false
  }

  func ask(_ question: Question, _ tell: (Answer) -> Void) {
    for traffic in Traffic.allCases { ask(question, traffic, tell) }
  }

  /// The same question about several ranges of sources or destinations. Where the answer to one holds for the next too,
  /// that one is not asked again.
  func ask(
    _ question: Question, over ranges: [ClosedRange<UInt128>], of dimension: Dimension, _ tell: (Answer) -> Void
  ) {
    for traffic in Traffic.allCases {
      var known: (range: ClosedRange<UInt128>, answers: [Answer])?
      for range in ranges {
        if let known, known.range.contains(range.lowerBound), known.range.contains(range.upperBound) {
          for answer in known.answers { tell(answer.with(range, dimension)) }
          continue
        }
        var answers: [Answer] = []
        let bounds = ask(question.with(range, dimension), traffic) { answers.append($0) }
        // Of a single address nothing is held open, and so nothing is learned of others.
        known = range.lowerBound < range.upperBound ? (bounds[dimension], answers) : nil
        for answer in answers { tell(answer) }
      }
    }
  }

  /// Answers with the bounds that hold for all that was found.
  @discardableResult
  private func ask(_ question: Question, _ traffic: Traffic, _ tell: (Answer) -> Void) -> Bounds {
    var common = Bounds.all
    var open: Set<Dimension> = [.port]
    if question.sources.lowerBound < question.sources.upperBound { open.insert(.source) }
    if question.destinations.lowerBound < question.destinations.upperBound { open.insert(.destination) }
    var destination = question.destinations.lowerBound
    while true {
      var destinationEnd = question.destinations.upperBound
      var source = question.sources.lowerBound
      var answers: [(PacketVerdict, sources: ClosedRange<UInt128>, ports: ClosedRange<UInt16>)] = []
      while true {
        var sourceEnd = question.sources.upperBound
        var port: UInt32 = 0
        var some: [(PacketVerdict, ClosedRange<UInt16>)] = []
        while port <= UInt32(UInt16.max) {
          let packet = packet(question.family, traffic, source, destination, UInt16(port))
          let (verdict, bounds) = judge(packet, question, open, word: UInt16(port))
          common.intersect(bounds)
          if open.contains(.source) { sourceEnd = min(sourceEnd, bounds[.source].upperBound) }
          if open.contains(.destination) { destinationEnd = min(destinationEnd, bounds[.destination].upperBound) }
          let end = max(port, UInt32(bounds[.port].upperBound))
          some.append((verdict, UInt16(port)...UInt16(end)))
          port = end + 1
        }
        for (verdict, ports) in some { answers.append((verdict, source...sourceEnd, ports)) }
        guard sourceEnd < question.sources.upperBound else { break }
        source = sourceEnd + 1
      }
      for (verdict, sources, ports) in answers {
        tell(
          Answer(
            verdict: verdict, family: question.family, traffic: traffic, source: sources,
            destination: destination...destinationEnd, ports: ports))
      }
      guard destinationEnd < question.destinations.upperBound else { break }
      destination = destinationEnd + 1
    }
    return common
  }

  private func judge(
    _ packet: Packet, _ question: Question, _ open: Set<Dimension>, word: UInt16
  ) -> (PacketVerdict, Bounds) {
    var off = evaluator.judge(
      packet, by: question.way, hasBridgeFilter: false, open: open, isForHost: question.isForHost,
      word: word)
    guard question.mayCross else { return (off.verdict, off.bounds) }
    let on = evaluator.judge(
      packet, by: question.way, hasBridgeFilter: true, open: open, isForHost: question.isForHost,
      word: word)
    off.bounds.intersect(on.bounds)
    return (Evaluator.both(off.verdict, on.verdict), off.bounds)
  }

  private func packet(
    _ family: IPAddress.Family, _ traffic: Traffic, _ source: UInt128, _ destination: UInt128, _ port: UInt16
  ) -> Packet {
    let payload: Packet.Payload =
      switch traffic {
      // From a port such as clients have.
      case .tcp: .tcp(from: 50_000, to: port)
      case .udp: .udp(from: 50_000, to: port)
      case .ping: .icmp(type: family == .v4 ? 8 : 128)
      // Generic routing encapsulation
      case .other: .other(47)
      }
    return Packet(
      from: IPAddress(family, value: source), to: IPAddress(family, value: destination), payload)
  }
}

extension Survey.Question {
  fileprivate func with(_ range: ClosedRange<UInt128>, _ dimension: Dimension) -> Self {
    var question = self
    if dimension == .source { question.sources = range } else { question.destinations = range }
    return question
  }
}

extension Survey.Answer {
  fileprivate func with(_ range: ClosedRange<UInt128>, _ dimension: Dimension) -> Self {
    var answer = self
    if dimension == .source { answer.source = range } else { answer.destination = range }
    return answer
  }
}
