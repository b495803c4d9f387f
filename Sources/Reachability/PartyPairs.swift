import Network

/// A side of a pair: VMs of which the same is true, or somebody else.
enum PairSide: Hashable {
  case machines(MachineSet)
  case host
  case world(IPAddress.Family, ClosedRange<UInt128>)
  /// All of the world.
  case everybody
}

/// Names of VMs, which are compared more often than they change.
struct MachineSet: Hashable {
  let names: Set<String>
  private let digest: Int

  init(_ names: Set<String>) {
    self.names = names
    digest = names.hashValue
  }

  static func == (a: MachineSet, b: MachineSet) -> Bool { a.digest == b.digest && a.names == b.names }

  func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

/// Goes over all pairs of parties of two reachabilities, together where they are alike in both.
struct PartyPairs {
  private let before: Reachability
  private let after: Reachability
  /// VMs that are of one group in both.
  private let common: [[String]]

  init(_ before: Reachability, _ after: Reachability) {
    self.before = before
    self.after = after
    var groups: [[Int?]: [String]] = [:]
    for name in Set(before.group.keys).union(after.group.keys) {
      groups[[before.group[name], after.group[name]], default: []].append(name)
    }
    common = groups.values.map { $0.sorted() }.sorted { $0[0] < $1[0] }
  }

  /// - Parameter tell: from, to, before, after.
  func each(_ tell: (PairSide, PairSide, Reach, Reach) -> Void) {
    let special = Set(before.exceptions.keys).union(after.exceptions.keys)
    let sides = common.map { PairSide.machines(MachineSet(Set($0))) }
    for (from, side) in zip(common, sides) {
      for (to, otherSide) in zip(common, sides) where from.count > 1 || from != to {
        let (one, other) = (from[0], to.first { $0 != from[0] } ?? from[0])
        tell(side, otherSide, before.ofGroups(from: one, to: other), after.ofGroups(from: one, to: other))
      }
      tell(side, .host, before.reachOfHost(from: from[0]), after.reachOfHost(from: from[0]))
      tell(.host, side, before.reachFromHost(to: from[0]), after.reachFromHost(to: from[0]))
      Self.world(before.reachOfWorld(from: from[0]), after.reachOfWorld(from: from[0])) { tell(side, $0, $1, $2) }
      Self.world(before.reachFromWorld(to: from[0]), after.reachFromWorld(to: from[0])) { tell($0, side, $1, $2) }
    }
    for pair in special.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) {
      tell(
        .machines(MachineSet([pair.from])), .machines(MachineSet([pair.to])),
        before.reach(from: pair.from, to: pair.to),
        after.reach(from: pair.from, to: pair.to))
    }
  }

  /// Cuts both where either is cut. Of each family the most that is alike is everybody.
  private static func world(_ before: WorldReach, _ after: WorldReach, _ tell: (PairSide, Reach, Reach) -> Void) {
    for family in IPAddress.Family.allCases {
      let old = before.parts.filter { $0.family == family }
      let new = after.parts.filter { $0.family == family }
      var pieces: [(range: ClosedRange<UInt128>, old: Reach, new: Reach)] = []
      for range in cut(old.map(\.range) + new.map(\.range)) {
        pieces.append(
          (
            range, old.first { $0.range.overlaps(range) }?.reach ?? Reach(),
            new.first { $0.range.overlaps(range) }?.reach ?? Reach()
          ))
      }
      var sizes: [[Access]: UInt128] = [:]
      for piece in pieces {
        let size = piece.range.upperBound - piece.range.lowerBound
        sizes[[piece.old.possible, piece.new.possible], default: 0] += size
      }
      let most = sizes.max { $0.value < $1.value }?.key
      var isTold = false
      for piece in pieces {
        if [piece.old.possible, piece.new.possible] == most {
          if !isTold { tell(.everybody, piece.old, piece.new) }
          isTold = true
        } else {
          tell(.world(family, piece.range), piece.old, piece.new)
        }
      }
    }
  }

  private static func cut(_ ranges: [ClosedRange<UInt128>]) -> [ClosedRange<UInt128>] {
    var starts: Set<UInt128> = []
    for range in ranges {
      starts.insert(range.lowerBound)
      if range.upperBound < .max { starts.insert(range.upperBound + 1) }
    }
    let sorted = starts.sorted()
    var pieces: [ClosedRange<UInt128>] = []
    for (index, start) in sorted.enumerated() {
      let end = index + 1 < sorted.count ? sorted[index + 1] - 1 : UInt128.max
      if ranges.contains(where: { $0.contains(start) }) { pieces.append(start...end) }
    }
    return pieces
  }
}

extension Reachability {
  /// Whatever is true of the two alone.
  fileprivate func ofGroups(from: String, to: String) -> Reach {
    guard let one = group[from], let other = group[to] else { return Reach() }
    return between[Pair(from: one, to: other)] ?? Reach()
  }
}
