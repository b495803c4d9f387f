/// What passes between some parties and others.
package struct ReachabilityMatrix: Sendable, Equatable {
  package var lines: [ReachabilityLine]
  /// What keeps back what would take the way between them; nil where nothing does, or nothing was asked.
  package var obstacle: Obstacle?

  /// One side of a question.
  package enum Selection: Hashable, Sendable {
    case everybody
    case machines(Set<String>)
    case host
    case world
  }

  package init(_ reachability: Reachability, from: Selection = .everybody, to: Selection = .everybody) {
    var collector = LineCollector(names: PartyNames(reachability))
    var obstacle: Obstacle?
    PartyPairs(Reachability(), reachability).each { one, other, _, reach in
      guard let one = from.part(of: one), let other = to.part(of: other) else { return }
      collector.add(reach.possible, reach.families, reach.doubt, one, other)
      obstacle = obstacle ?? reach.obstacle
    }
    lines = collector.lines
    self.obstacle = lines.isEmpty ? obstacle : nil
  }
}

extension ReachabilityMatrix.Selection {
  /// What of a side is selected; nil for nothing of it.
  fileprivate func part(of side: PairSide) -> PairSide? {
    switch (self, side) {
    case (.everybody, _), (.host, .host), (.world, .world), (.world, .everybody): return side
    case (.machines(let wanted), .machines(let there)):
      let both = wanted.intersection(there.names)
      return both.isEmpty ? nil : .machines(MachineSet(both))
    case (.machines, _), (.host, _), (.world, _): return nil
    }
  }
}
