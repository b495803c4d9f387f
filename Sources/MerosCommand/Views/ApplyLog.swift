import Host
package import Reconcile

/// What is under way while a plan is applied, and the lines that tell it. Pure: the time is given.
package struct ApplyLog: Sendable {
  private let changes: [ResourceAddress: Change]
  private var running: [Step.Identity: Running] = [:]
  /// How often a step that goes on is told of on something that is no terminal.
  private let interval: Duration

  private struct Running: Sendable {
    let since: Duration
    var toldAt: Duration
    var progress: Progress.Report?
  }

  package init(_ plan: Plan, interval: Duration = .seconds(10)) {
    changes = [ResourceAddress: Change](plan.changes.map { ($0.address, $0.change) }) { first, _ in first }
    self.interval = interval
  }

  func words(_ step: Step.Identity) -> StepWords {
    let change = changes[step.address]
    return StepWords(
      step.half, change?.verb ?? .update, change?.order ?? .tearDownFirst,
      isLive: change.map { $0.disruption <= .live } ?? false)
  }

  /// Takes in what happened; returns the lines that stay.
  /// - Parameter now: since the plan began to be applied.
  package mutating func take(_ event: ApplyEvent, at now: Duration, _ paint: Paint) -> [String] {
    switch event {
    case .started(let step):
      running[step.id] = Running(since: now, toldAt: now)
      return []
    case .progress(let step, let report):
      running[step.id]?.progress = report
      return []
    case .finished(let step, let outcome):
      let since = running.removeValue(forKey: step.id)?.since ?? now
      return [line(step.id, outcome, (now - since).elapsed, paint)]
    }
  }

  private func line(_ step: Step.Identity, _ outcome: Report.Outcome, _ elapsed: String, _ paint: Paint) -> String {
    let name = paint("\(step.address)", .bold)
    return switch outcome {
    case .done: "\(name): \(words(step).done) after \(elapsed)"
    case .failed: "\(name): \(paint("failed", .bad)) while \(words(step).doing) after \(elapsed)"
    case .skipped(let cause): "\(name): \(paint("skipped", .careful)), \(cause.words)"
    }
  }

  /// What is under way, the longest first: lines to draw over.
  package func liveLines(at now: Duration, columns: Int) -> [String] {
    let lines = ordered.map { step, running in
      let activity = running.progress.map { ": \($0.words)" } ?? ""
      let line = "\(step.address): \(words(step).doing) (\((now - running.since).elapsed))\(activity)"
      return String(line.prefix(max(1, columns - 1)))
    }
    // More than a screen could not be drawn over.
    let limit = 16
    return lines.count > limit ? lines.prefix(limit - 1) + ["and \(lines.count - limit + 1) more"] : lines
  }

  /// Lines for steps that nothing was heard of for a while.
  package mutating func reminders(at now: Duration) -> [String] {
    var lines: [String] = []
    for (step, state) in ordered where now - state.toldAt >= interval {
      running[step]?.toldAt = now
      let activity = state.progress.map { ": \($0.words)" } ?? ""
      lines.append("\(step.address): still \(words(step).doing) (\((now - state.since).elapsed))\(activity)")
    }
    return lines
  }

  private var ordered: [(key: Step.Identity, value: Running)] {
    running.sorted { ($0.value.since, $0.key) < ($1.value.since, $1.key) }
  }
}
