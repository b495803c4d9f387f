package import Host

extension Plan {
  /// Runs the steps, each as soon as what it waits for is done, at most `parallelism` at once. A failed step skips only
  /// what waits for it. When the task is cancelled the powers give up at once; when an interruption is requested no
  /// further step begins. Whatever happens, the next plan mends what was left.
  /// - Parameter events: called from the task that applies, in the order of what happens, except `progress`.
  package func apply(
    on host: Host, parallelism: Int = 10, interruption: Interruption = Interruption(),
    events: @escaping @Sendable (ApplyEvent) -> Void = { _ in }
  ) async -> Report {
    var queue = StepQueue(steps)
    await withTaskGroup(of: (Step, Report.Outcome).self) { group in
      var running = 0
      while true {
        let isStopped = interruption.isRequested || Task.isCancelled
        while !isStopped, running < max(1, parallelism), let step = queue.next() {
          events(.started(step))
          running += 1
          group.addTask { (step, await step.run(on: host, events: events)) }
        }
        guard running > 0, let (step, outcome) = await group.next() else { break }
        running -= 1
        events(.finished(step, outcome))
        for (skipped, cause) in queue.finish(step, outcome) {
          events(.finished(skipped, .skipped(because: cause)))
        }
      }
    }
    for step in queue.abandon() { events(.finished(step, .skipped(because: .interrupted))) }
    return Report(outcomes: queue.outcomes)
  }
}

extension Step {
  fileprivate func run(on host: Host, events: @escaping @Sendable (ApplyEvent) -> Void) async -> Report.Outcome {
    var host = host
    host.progress = Progress { events(.progress(self, $0)) }
    let clock = ContinuousClock()
    let start = clock.now
    do throws(HostError) {
      for action in actions { try await action.perform(on: host) }
      return .done(clock.now - start)
    } catch {
      return .failed(error)
    }
  }
}

/// Which steps are ready, which wait, and what became of the others.
struct StepQueue {
  private(set) var outcomes: [Step.Identity: Report.Outcome] = [:]
  private var ready: [Step] = []
  private var blocked: [Step.Identity: Step] = [:]
  /// How many steps a blocked one still waits for.
  private var missing: [Step.Identity: Int] = [:]
  /// The steps that wait for one, in the order of the plan.
  private var followers: [Step.Identity: [Step.Identity]] = [:]

  init(_ steps: [Step]) {
    let known = Set(steps.map(\.id))
    for step in steps {
      let waits = step.waits.intersection(known)
      if waits.isEmpty {
        ready.append(step)
      } else {
        blocked[step.id] = step
        missing[step.id] = waits.count
        for wait in waits { followers[wait, default: []].append(step.id) }
      }
    }
    ready.reverse()
  }

  mutating func next() -> Step? { ready.popLast() }

  /// Records the outcome and returns the steps that are skipped because of it.
  mutating func finish(_ step: Step, _ outcome: Report.Outcome) -> [(Step, Report.Cause)] {
    outcomes[step.id] = outcome
    if case .done = outcome {
      for follower in followers[step.id] ?? [] {
        missing[follower, default: 0] -= 1
        if missing[follower] == 0, let step = blocked.removeValue(forKey: follower) { ready.insert(step, at: 0) }
      }
      return []
    }
    var skipped: [(Step, Report.Cause)] = []
    var open = [step.id]
    while let failed = open.popLast() {
      for follower in followers[failed] ?? [] {
        guard let step = blocked.removeValue(forKey: follower) else { continue }
        outcomes[follower] = .skipped(because: .waitedFor(failed))
        skipped.append((step, .waitedFor(failed)))
        open.append(follower)
      }
    }
    return skipped
  }

  /// Gives up all that has not begun.
  mutating func abandon() -> [Step] {
    let rest = (ready + blocked.values).sorted { $0.id < $1.id }
    for step in rest { outcomes[step.id] = .skipped(because: .interrupted) }
    ready = []
    blocked = [:]
    return rest
  }
}
