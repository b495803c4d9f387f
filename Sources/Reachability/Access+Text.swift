package import Network

extension Access {
  /// `tcp/22,8000-8010 udp/53 icmp`; "everything", "nothing". Where families differ each is told, but for one of which
  /// the two have no addresses.
  ///
  /// - Parameter families: those of which the two have addresses.
  package func text(_ families: Set<IPAddress.Family>) -> String {
    let told = IPAddress.Family.allCases.filter { families.contains($0) || !words(of: $0).isEmpty }
    let all = told.map { words(of: $0) }
    guard let first = all.first else { return "nothing" }
    if all.allSatisfy({ $0 == first }) { return first.isEmpty ? "nothing" : first }
    return zip(told, all).filter { !$1.isEmpty }.map { "\($1) (\($0 == .v4 ? "IPv4" : "IPv6"))" }
      .joined(separator: ", ")
  }

  private func words(of family: IPAddress.Family) -> String {
    if Traffic.allCases.allSatisfy({ self[family, $0].isAll }) { return "everything" }
    return Traffic.allCases.compactMap { traffic in
      let ports = self[family, traffic]
      guard !ports.isEmpty else { return nil }
      return traffic.hasPorts && !ports.isAll ? "\(traffic.word)/\(ports)" : traffic.word
    }.joined(separator: " ")
  }
}

extension Traffic {
  /// As people and programs call it.
  package var word: String {
    switch self {
    case .tcp: "tcp"
    case .udp: "udp"
    case .ping: "icmp"
    case .other: "other-protocols"
    }
  }
}

extension PortSet: CustomStringConvertible {
  /// `22,8000-8010`
  package var description: String {
    ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
  }
}

extension ReachabilityLine.Name: CustomStringConvertible {
  package var description: String {
    switch self {
    case .bridge(let name), .machine(let name): name
    case .host: "host"
    case .world: "world"
    case .addresses(let first, let last): Self.text(first, last)
    }
  }

  /// As a prefix where it is one.
  private static func text(_ first: IPAddress, _ last: IPAddress) -> String {
    if first == last { return "\(first)" }
    let size = last.value - first.value
    let isPrefix = size & (size &+ 1) == 0 && first.value & size == 0
    return isPrefix ? "\(first)/\(first.family.bits - (128 - size.leadingZeroBitCount))" : "\(first)-\(last)"
  }
}

extension ReachabilityLine: CustomStringConvertible {
  /// `web -> db tcp/5432`; without what passes where that is everything.
  package var description: String {
    let sides = [from, to].map { $0.map(\.description).joined(separator: ", ") }.joined(separator: " -> ")
    let what = access.text(families)
    return what == "everything" ? sides : "\(sides) \(what)"
  }
}
