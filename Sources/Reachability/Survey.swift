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
    var sourcePorts: ClosedRange<UInt16>
    var ports: ClosedRange<UInt16>

    /// The ports at which it arrives.
    var arrivingPorts: ClosedRange<UInt16> {
      guard traffic.hasPorts else { return 0...UInt16.max }
      if case .passes(let arrival) = verdict, let port = arrival.port, port != ports.lowerBound { return port...port }
      return ports
    }

    /// Others than servers of DHCP send from such a port.
    var isOfClients: Bool { !Self.serverPorts(family, traffic).contains(PortSet(sourcePorts)) }

    /// Of DHCP: nobody else sends from them (RFC 2131, RFC 8415).
    static func serverPorts(_ family: IPAddress.Family, _ traffic: Traffic) -> PortSet {
      traffic == .udp ? PortSet(family == .v4 ? 67...67 : 547...547) : .none
    }
  }

  /// All packets from some addresses to others by one way.
  struct Question {
    var way: Evaluator.Way
    var family: IPAddress.Family
    var sources: ClosedRange<UInt128>
    var destinations: ClosedRange<UInt128>
    var isForHost = false
    /// Whether br_netfilter is on: both where it may make a difference, since the packet may cross a bridge.
    var bridgeFilters = [false]
  }

  func ask(_ question: Question, _ tell: (Answer) -> Void) {
    for traffic in Traffic.allCases { ask(question, traffic, open: [], tell) }
  }

  /// The same question about several ranges of sources or destinations, by the same way. Where the answer to one holds
  /// for the next too, that one is not asked again.
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
        let bounds = ask(question.with(range, dimension), traffic, open: Dimensions(dimension)) { answers.append($0) }
        // An answer that is cut within this range is none for another.
        let isWhole = answers.allSatisfy { $0[dimension] == range }
        known = isWhole ? (bounds[dimension], answers) : nil
        for answer in answers { tell(answer) }
      }
    }
  }

  /// Answers with the bounds that hold for all that was found.
  ///
  /// - Parameter wanted: dimensions of which bounds are wanted although the question has one value of it.
  @discardableResult
  private func ask(
    _ question: Question, _ traffic: Traffic, open wanted: Dimensions, _ tell: (Answer) -> Void
  ) -> Bounds {
    var common = Bounds.all
    var open: Dimensions = [wanted, .sourcePort, .port]
    if question.sources.lowerBound < question.sources.upperBound { open.insert(.source) }
    if question.destinations.lowerBound < question.destinations.upperBound { open.insert(.destination) }
    var destination = question.destinations.lowerBound
    while true {
      var destinationEnd = question.destinations.upperBound
      var found: [(verdict: PacketVerdict, Cell)] = []
      var source = question.sources.lowerBound
      while true {
        var sourceEnd = question.sources.upperBound
        let first = found.count
        Self.sweep { sourcePort in
          var sourcePortEnd = UInt16.max
          let first = found.count
          Self.sweep { port in
            let packet = packet(question.family, traffic, source, destination, sourcePort, port)
            let (verdict, bounds) = judge(packet, question, open, (sourcePort, port))
            common.intersect(bounds)
            sourceEnd = min(sourceEnd, bounds[.source].upperBound)
            destinationEnd = min(destinationEnd, bounds[.destination].upperBound)
            sourcePortEnd = min(sourcePortEnd, UInt16(bounds[.sourcePort].upperBound))
            let end = UInt16(bounds[.port].upperBound)
            found.append((verdict, Cell(sources: 0...0, sourcePorts: 0...0, ports: port...end)))
            return end
          }
          for index in first..<found.count { found[index].1.sourcePorts = sourcePort...sourcePortEnd }
          return sourcePortEnd
        }
        for index in first..<found.count { found[index].1.sources = source...sourceEnd }
        guard sourceEnd < question.sources.upperBound else { break }
        source = sourceEnd + 1
      }
      for (verdict, cell) in found {
        tell(
          Answer(
            verdict: verdict, family: question.family, traffic: traffic, source: cell.sources,
            destination: destination...destinationEnd, sourcePorts: cell.sourcePorts, ports: cell.ports))
      }
      guard destinationEnd < question.destinations.upperBound else { break }
      destination = destinationEnd + 1
    }
    return common
  }

  private struct Cell {
    var sources: ClosedRange<UInt128>
    var sourcePorts: ClosedRange<UInt16>
    var ports: ClosedRange<UInt16>
  }

  /// Goes over all ports: `part` gets the first of a part and answers with its last.
  private static func sweep(_ part: (UInt16) -> UInt16) {
    var port: UInt16 = 0
    while true {
      let end = part(port)
      if end == .max { return }
      port = end + 1
    }
  }

  private func judge(
    _ packet: Packet, _ question: Question, _ open: Dimensions, _ words: (source: UInt16, destination: UInt16)
  ) -> (PacketVerdict, Bounds) {
    var all: (PacketVerdict, Bounds)?
    for hasBridgeFilter in question.bridgeFilters {
      let one = evaluator.judge(
        packet, by: question.way, hasBridgeFilter: hasBridgeFilter, open: open, isForHost: question.isForHost,
        words: (packet.hasOwnBeginning ? nil : words.source, words.destination))
      guard var (verdict, bounds) = all else {
        all = (one.verdict, one.bounds)
        continue
      }
      bounds.intersect(one.bounds)
      verdict = Evaluator.both(verdict, one.verdict)
      all = (verdict, bounds)
    }
    guard let all else { preconditionFailure("br_netfilter is on or off") }
    return all
  }

  private func packet(
    _ family: IPAddress.Family, _ traffic: Traffic, _ source: UInt128, _ destination: UInt128, _ sourcePort: UInt16,
    _ port: UInt16
  ) -> Packet {
    let payload: Packet.Payload =
      switch traffic {
      case .tcp: .tcp(from: sourcePort, to: port)
      case .udp: .udp(from: sourcePort, to: port)
      case .ping: .icmp(type: family == .v4 ? 8 : 128)
      // Generic routing encapsulation
      case .other: .other(47)
      }
    return Packet(
      from: IPAddress(family, value: source), to: IPAddress(family, value: destination), payload)
  }
}

extension Packet {
  /// What stands where others have the sender's port says what kind of packet it is.
  fileprivate var hasOwnBeginning: Bool { if case .icmp = payload { true } else { false } }
}

extension Survey.Question {
  fileprivate func with(_ range: ClosedRange<UInt128>, _ dimension: Dimension) -> Self {
    var question = self
    if dimension == .source { question.sources = range } else { question.destinations = range }
    return question
  }
}

extension Survey.Answer {
  fileprivate subscript(dimension: Dimension) -> ClosedRange<UInt128> { dimension == .source ? source : destination }

  fileprivate func with(_ range: ClosedRange<UInt128>, _ dimension: Dimension) -> Self {
    var answer = self
    if dimension == .source { answer.source = range } else { answer.destination = range }
    return answer
  }
}
