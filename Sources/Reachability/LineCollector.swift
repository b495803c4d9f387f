import Network

/// Puts what is alike into one line.
struct LineCollector {
  let names: PartyNames
  private var found: [Sides: Content] = [:]

  private struct Sides: Hashable {
    var from: PairSide
    var to: PairSide
  }

  private struct Content: Hashable {
    var access: Access
    var families: Set<IPAddress.Family>
    var doubt: Doubt?
  }

  private struct Row: Hashable {
    var content: Content
    var to: [ReachabilityLine.Name]
  }

  init(names: PartyNames) { self.names = names }

  /// - Parameter families: those of which the two have addresses.
  mutating func add(
    _ access: Access, _ families: Set<IPAddress.Family>, _ doubt: Doubt?, _ from: PairSide, _ to: PairSide
  ) {
    let sides = Sides(from: from, to: to)
    var content = found[sides] ?? Content(access: .none, families: [], doubt: nil)
    content.access.formUnion(access)
    content.families.formUnion(families)
    content.doubt = content.doubt ?? doubt
    found[sides] = content
  }

  var lines: [ReachabilityLine] {
    struct Source: Hashable {
      var from: PairSide
      var content: Content
    }
    var targets: [Source: Set<PairSide>] = [:]
    for (sides, content) in found where !content.access.isEmpty {
      targets[Source(from: sides.from, content: content), default: []].insert(sides.to)
    }
    var reached: [Content: [String: Set<String>]] = [:]
    for (source, sides) in targets {
      guard case .machines(let from) = source.from else { continue }
      for name in from.names {
        reached[source.content, default: [:]][name, default: []].formUnion(sides.flatMap(\.machines))
      }
    }
    let closed = reached.mapValues(names.closed)
    var rows: [Row: Set<PairSide>] = [:]
    for (source, to) in targets {
      let row = Row(
        content: source.content, to: names(of: to, besides: source.from, closed: closed[source.content] ?? []))
      rows[row, default: []].insert(source.from)
    }
    return rows.map { row, from in
      ReachabilityLine(
        from: names(of: from), to: row.to, access: row.content.access, families: row.content.families,
        doubt: row.content.doubt)
    }.sorted { ($0.from, $0.to, $0.access.order) < ($1.from, $1.to, $1.access.order) }
  }

  private func names(
    of sides: Set<PairSide>, besides one: PairSide? = nil, closed: Set<String> = []
  ) -> [ReachabilityLine.Name] {
    var machines: Set<String> = []
    var names: [ReachabilityLine.Name] = []
    for side in sides {
      switch side {
      case .machines(let some): machines.formUnion(some.names)
      case .host: names.append(.host)
      case .everybody: names.append(.world)
      case .world(let family, let range):
        names.append(
          .addresses(
            IPAddress(family, value: range.lowerBound), through: IPAddress(family, value: range.upperBound)))
      }
    }
    return self.names.names(of: machines, besides: one?.machines ?? [], closed: closed) + names.sorted()
  }
}

extension Access {
  /// Some order, the same every time.
  fileprivate var order: [Int] {
    IPAddress.Family.allCases.flatMap { family in
      Traffic.allCases.flatMap { traffic in
        [self[family, traffic].ranges.count] + self[family, traffic].ranges.map { Int($0.lowerBound) }
      }
    }
  }
}

private func < <A: Comparable, B: Comparable, C: Comparable>(
  a: ([A], [B], [C]), b: ([A], [B], [C])
) -> Bool {
  if a.0 != b.0 { return a.0.lexicographicallyPrecedes(b.0) }
  if a.1 != b.1 { return a.1.lexicographicallyPrecedes(b.1) }
  return a.2.lexicographicallyPrecedes(b.2)
}

extension PairSide {
  /// None of somebody else.
  fileprivate var machines: Set<String> {
    if case .machines(let machines) = self { machines.names } else { [] }
  }
}
