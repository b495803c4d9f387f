package import Host

/// What became of each step of a plan.
package struct Report: Sendable {
  package let outcomes: [Step.Identity: Outcome]

  package enum Outcome: Equatable, Sendable {
    case done(Duration)
    case failed(HostError)
    case skipped(because: Cause)
  }

  package enum Cause: Hashable, Sendable {
    /// This step, which it waits for, failed or was skipped itself.
    case waitedFor(Step.Identity)
    /// The person interrupted before it had begun.
    case interrupted
  }

  package init(outcomes: [Step.Identity: Outcome]) { self.outcomes = outcomes }

  package var isComplete: Bool {
    outcomes.values.allSatisfy {
      switch $0 {
      case .done: true
      case .failed, .skipped: false
      }
    }
  }
}

/// What happens while a plan is applied, as it happens.
package enum ApplyEvent: Sendable {
  case started(Step)
  case progress(Step, Progress.Report)
  case finished(Step, Report.Outcome)
}
