package import Network

/// What passes between a VM and the addresses of the world.
package struct WorldReach: Hashable, Sendable {
  /// Sorted, disjoint, each of one family; after `joined` neighbours differ.
  package private(set) var parts: [Part] = []

  package struct Part: Hashable, Sendable {
    package var family: IPAddress.Family
    package var range: ClosedRange<UInt128>
    package var reach: Reach
  }

  package init() {}

  /// - Parameters:
  ///   - isOwn: it was asked by a route that the VM has.
  ///   - range: the addresses of the world that it is about.
  mutating func add(_ answer: Survey.Answer, for party: Party, isOwn: Bool, _ range: ClosedRange<UInt128>) {
    if let place = parts.firstIndex(where: { $0.family == answer.family && $0.range == range }) {
      parts[place].reach.add(answer, for: party, isOwn: isOwn)
    } else {
      var reach = Reach()
      reach.add(answer, for: party, isOwn: isOwn)
      add(reach, answer.family, range)
    }
  }

  /// The VM has no route there.
  mutating func refuse(_ family: IPAddress.Family, _ range: ClosedRange<UInt128>, because obstacle: Obstacle) {
    var reach = Reach()
    reach.refuse(family, because: obstacle)
    add(reach, family, range)
  }

  /// Lays another reach over a range; parts are cut where it begins and ends.
  mutating func add(_ reach: Reach, _ family: IPAddress.Family, _ range: ClosedRange<UInt128>) {
    var result: [Part] = []
    var open = [range]
    for part in parts {
      guard part.family == family, part.range.overlaps(range) else {
        result.append(part)
        continue
      }
      let common = part.range.clamped(to: range)
      for piece in part.range.without(common) { result.append(Part(family: family, range: piece, reach: part.reach)) }
      var both = part.reach
      both.formUnion(reach)
      result.append(Part(family: family, range: common, reach: both))
      open = open.flatMap { $0.without(common) }
    }
    for piece in open { result.append(Part(family: family, range: piece, reach: reach)) }
    parts = result.sorted { ($0.family, $0.range.lowerBound) < ($1.family, $1.range.lowerBound) }
  }

  /// With neighbours of which the same is true as one part.
  var joined: WorldReach {
    var joined = WorldReach()
    joined.parts = Self.joined(parts)
    return joined
  }

  private static func joined(_ parts: [Part]) -> [Part] {
    var result: [Part] = []
    for part in parts {
      if let last = result.last, last.family == part.family, last.reach == part.reach,
        last.range.upperBound < .max, last.range.upperBound + 1 == part.range.lowerBound
      {
        result[result.count - 1].range = last.range.lowerBound...part.range.upperBound
      } else {
        result.append(part)
      }
    }
    return result
  }
}

extension ClosedRange<UInt128> {
  /// What is left of it, in order.
  func without(_ other: ClosedRange<UInt128>) -> [ClosedRange<UInt128>] {
    guard overlaps(other) else { return [self] }
    var rest: [ClosedRange<UInt128>] = []
    if lowerBound < other.lowerBound { rest.append(lowerBound...(other.lowerBound - 1)) }
    if other.upperBound < upperBound { rest.append((other.upperBound + 1)...upperBound) }
    return rest
  }
}
