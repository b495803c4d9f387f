package import Host

/// What must be done to make the host what the graph says. Made of two values; never looks at the machine.
package struct Plan: Sendable {
  package let scope: Scope
  /// In the order of dependence: what is set up first stands first, what is only torn down stands last.
  package let changes: [PlannedChange]
  package let kept: [Kept]
  /// While there are any, the plan is not applied.
  package let problems: [Problem]
  package let steps: [Step]

  package var isEmpty: Bool { changes.isEmpty }

  /// The worst that any change does.
  package var disruption: Disruption { changes.map(\.change.disruption).max() ?? .none }

  /// - Parameter kinds: every kind that the graph or the observation may hold.
  package init(
    from observation: Observation, to graph: ResourceGraph, kinds: [any Resource.Type], options: PlanOptions = .init()
  ) {
    let differences = Differences(from: observation, to: graph, kinds: kinds, options: options)
    scope = observation.scope
    changes = differences.changes
    kept = differences.kept.sorted { $0.address < $1.address }
    problems = differences.problems(with: observation.foreign)
    steps = Step.schedule(changes, from: observation, to: graph)
  }
}

/// What a person asks of a plan besides the manifest.
package struct PlanOptions: Hashable, Sendable {
  /// Only these and what they stand on (or, where they go, what stands on them); empty: everything.
  package var targets: Set<ResourceAddress>
  /// Made anew although nothing differs.
  package var replacements: Set<ResourceAddress>
  /// Data disks that may be deleted.
  package var deletions: Set<ResourceAddress>

  package init(
    targets: Set<ResourceAddress> = [], replacements: Set<ResourceAddress> = [], deletions: Set<ResourceAddress> = []
  ) {
    self.targets = targets
    self.replacements = replacements
    self.deletions = deletions
  }
}

/// A change and what the schedule must know of its resource.
package struct PlannedChange: Sendable {
  package let address: ResourceAddress
  package let change: Change
  /// What the observed one holds and the desired one does not.
  let releasedClaims: Set<Claim>
  /// What the desired one holds and the observed one does not.
  let newClaims: Set<Claim>
}

/// Why a plan cannot be applied.
package enum Problem: Hashable, Sendable {
  case obstacle(ResourceAddress, Change.Obstacle)
  /// Something that is not ours holds what the resource needs.
  case claimed(ResourceAddress, ForeignClaim)
  /// An address that the person named is neither in the manifest nor on the host.
  case unknown(ResourceAddress)
}
