package import Reconcile

/// What a plan may cost before it is refused. Creating something new never counts.
package struct Gate: Hashable, Sendable {
  /// The worst that is allowed; nil: nobody said.
  package var maximum: Disruption?
  /// Somebody is there who can be asked.
  package var isInteractive: Bool
  /// The person wrote `destroy`: root disks go with it, and the data disks that are named.
  package var isDestruction: Bool

  package init(maximum: Disruption? = nil, isInteractive: Bool = false, isDestruction: Bool = false) {
    self.maximum = maximum
    self.isInteractive = isInteractive
    self.isDestruction = isDestruction
  }

  /// A change that is not allowed.
  package struct Refusal: Hashable, Sendable {
    package var address: ResourceAddress
    package var disruption: Disruption
    package var cause: Cause

    package enum Cause: Hashable, Sendable {
      /// It is worse than what was allowed.
      case exceeds(Disruption)
      /// It loses what was written, nobody is there to be asked, and nobody allowed it by name.
      case needsNaming
    }
  }

  /// What stands against these plans; empty: go on.
  package func refusals(of proposals: [Proposal]) -> [Refusal] {
    Self.costly(proposals).compactMap { proposal, planned in
      let disruption = planned.change.disruption
      func refused(_ cause: Refusal.Cause) -> Refusal {
        Refusal(address: planned.address, disruption: disruption, cause: cause)
      }
      if let maximum { return disruption > maximum ? refused(.exceeds(maximum)) : nil }
      guard disruption >= .rebuild, !isInteractive, !isDestruction else { return nil }
      return refused(.needsNaming)
    }
  }

  /// Whether a person must be asked although they approved beforehand: something that exists would be lost, and
  /// nobody allowed that by name.
  package func mustAsk(_ proposals: [Proposal]) -> Bool {
    maximum == nil && !isDestruction && Self.costly(proposals).contains { $0.1.change.disruption >= .rebuild }
  }

  private static func costly(_ proposals: [Proposal]) -> [(Proposal, PlannedChange)] {
    proposals.flatMap { proposal in proposal.plan.changes.map { (proposal, $0) } }
      .filter { $0.1.change.verb != .create }
  }
}
