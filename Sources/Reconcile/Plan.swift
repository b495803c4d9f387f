package import Host

/// What must be done to make the host what the graph says. Made of two values; never looks at the machine.
package struct Plan: Sendable {
  package let scope: Scope
  /// In the order of dependence: what is set up first stands first, what is only torn down stands last.
  package let changes: [PlannedChange]
  package let kept: [Kept]
  package let pending: [Pending]
  /// While there are any, the plan is not applied.
  package let problems: [Problem]
  private let observation: Observation
  private let graph: ResourceGraph

  /// What is to be done, and in which order. Found anew each time: who only shows a plan need not wait for it.
  package var steps: [Step] { Step.schedule(changes, from: observation, to: graph) }

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
    pending = differences.pending.sorted { $0.address < $1.address }
    problems = differences.problems(with: observation.foreign)
    self.observation = observation
    self.graph = graph
  }
}
