/// Who can newly reach whom, and who no longer can.
package struct ReachabilityDifference: Sendable, Equatable {
  package var added: [ReachabilityLine]
  package var removed: [ReachabilityLine]

  package var isEmpty: Bool { added.isEmpty && removed.isEmpty }

  /// - Parameters: two states of one constellation.
  package init(from before: Reachability, to after: Reachability) {
    let names = PartyNames(before, after)
    let pairs = PartyPairs(before, after)
    var added = LineCollector(names: names)
    var removed = LineCollector(names: names)
    pairs.each { from, to, old, new in
      let families = old.families.union(new.families)
      added.add(new.possible.subtracting(old.possible), families, new.doubt, from, to)
      removed.add(old.possible.subtracting(new.possible), families, nil, from, to)
    }
    self.added = added.lines
    self.removed = removed.lines
  }
}
