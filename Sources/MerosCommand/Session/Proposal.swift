package import Reachability
package import Reconcile
package import Resources

/// A plan and what it was made of: what a person is shown and asked about.
package struct Proposal: Sendable {
  package let goal: Goal
  package let observation: Observation
  package let options: PlanOptions
  package let plan: Plan
  /// Who can newly reach whom and who no longer can; nil where nothing of the network changes, or all of it goes.
  package let reachability: ReachabilityDifference?
  /// What of others' firewalls keeps back what the constellation admits.
  package let hindrances: [ForeignHindrance]
  /// How long what is to be built takes.
  package let estimates: BuildEstimates

  package init(_ goal: Goal, _ observation: Observation, kinds: [any Resource.Type], options: PlanOptions = .init()) {
    self.goal = goal
    self.observation = observation
    self.options = options
    plan = Plan(from: observation, to: goal.graph, kinds: kinds, options: options)
    reachability =
      goal.isDestruction ? nil : ReachabilityDifference(of: plan, from: observation, to: goal.graph)
    hindrances = goal.isDestruction ? [] : ForeignHindrance.all(in: observation, of: goal.graph)
    estimates = BuildEstimates(of: plan, from: observation, to: goal.graph)
  }

  /// A plan that is made already, and is compared and not shown.
  init(_ goal: Goal, _ observation: Observation, options: PlanOptions, plan: Plan) {
    self.goal = goal
    self.observation = observation
    self.options = options
    self.plan = plan
    reachability = nil
    hindrances = []
    estimates = .none
  }
}

/// How many resources come, change and go. One that is made anew comes and goes.
package struct Tally: Hashable, Sendable {
  package var added = 0
  package var changed = 0
  package var destroyed = 0

  package init(_ verbs: some Sequence<Change.Verb>) {
    for verb in verbs {
      switch verb {
      case .create: added += 1
      case .update: changed += 1
      case .replace:
        added += 1
        destroyed += 1
      case .delete: destroyed += 1
      }
    }
  }

  package init(_ proposals: [Proposal]) {
    self.init(proposals.flatMap(\.plan.changes).map(\.change.verb))
  }
}
