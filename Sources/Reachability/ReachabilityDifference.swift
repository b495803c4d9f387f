package import Network

/// Who can newly reach whom, and who no longer can.
package struct ReachabilityDifference: Sendable, Equatable {
  package var added: [Line]
  package var removed: [Line]

  package var isEmpty: Bool { added.isEmpty && removed.isEmpty }

  /// The same between each of some and each of others.
  package struct Line: Hashable, Sendable {
    package var from: [Name]
    package var to: [Name]
    package var access: Access
    /// Those of which both have addresses.
    package var families: Set<IPAddress.Family>
    /// It is not certain that it passes: the evaluator does not know what decides.
    package var doubt: Doubt?
  }

  /// How a party is called.
  package enum Name: Hashable, Sendable, Comparable {
    /// All VMs of a bridge, each with each other one.
    case bridge(String)
    case machine(String)
    case host
    /// The largest part of the world's addresses of which the same is true.
    case world
    /// Addresses of the world that differ from the rest.
    case addresses(IPAddress, through: IPAddress)
  }

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
