package import Network

/// Who may start what to whom, in the whole network.
///
/// VMs that nothing tells apart are one group: what is known of groups is known of each pair of their VMs, but for pairs
/// that are kept on their own.
package struct Reachability: Sendable, Equatable {
  /// VMs of one group, sorted.
  package internal(set) var groups: [[String]] = []
  /// By the VM's name, its place in `groups`.
  package internal(set) var group: [String: Int] = [:]
  /// The VMs that have a tap on a bridge, by the bridge's name.
  package internal(set) var bridges: [String: Set<String>] = [:]
  /// The addresses of VMs.
  package internal(set) var addresses: [String: [IPAddress]] = [:]
  /// What passes between VMs of two groups, that are not the same VM.
  var between: [Pair<Int>: Reach] = [:]
  /// What passes between two VMs where that is not what passes between their groups.
  var exceptions: [Pair<String>: Reach] = [:]
  var toHost: [Int: Reach] = [:]
  var fromHost: [Int: Reach] = [:]
  var toWorld: [Int: WorldReach] = [:]
  var fromWorld: [Int: WorldReach] = [:]

  struct Pair<Element: Hashable & Sendable>: Hashable, Sendable {
    var from: Element
    var to: Element
  }

  /// What passes from or to one VM that is not the same as another one.
  package func reach(from: String, to: String) -> Reach {
    guard from != to, let one = group[from], let other = group[to] else { return Reach() }
    return exceptions[Pair(from: from, to: to)] ?? between[Pair(from: one, to: other)] ?? Reach()
  }

  package func reachOfHost(from machine: String) -> Reach { group[machine].flatMap { toHost[$0] } ?? Reach() }
  package func reachFromHost(to machine: String) -> Reach { group[machine].flatMap { fromHost[$0] } ?? Reach() }
  package func reachOfWorld(from machine: String) -> WorldReach {
    group[machine].flatMap { toWorld[$0] } ?? WorldReach()
  }
  package func reachFromWorld(to machine: String) -> WorldReach {
    group[machine].flatMap { fromWorld[$0] } ?? WorldReach()
  }
}

/// What passes between a VM and the addresses of the world.
package struct WorldReach: Hashable, Sendable {
  /// Sorted, disjoint, each of one family; neighbours differ.
  package private(set) var parts: [Part] = []

  package struct Part: Hashable, Sendable {
    package var family: IPAddress.Family
    package var range: ClosedRange<UInt128>
    package var reach: Reach
  }

  package init() {}

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
    parts = Self.joined(result)
  }

  private static func joined(_ parts: [Part]) -> [Part] {
    var result: [Part] = []
    for part in parts.sorted(by: { ($0.family, $0.range.lowerBound) < ($1.family, $1.range.lowerBound) }) {
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
