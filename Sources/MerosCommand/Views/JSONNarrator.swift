package import Diagnostics
package import Host
import Manifest
import QMP
package import Reconcile
import Resources
import Synchronization

/// Tells a program: one object in a line, in the manner of OpenTofu's `-json`. Never asks.
package final class JSONNarrator: Narrator {
  private let console: Console
  private let timestamp: @Sendable () -> String
  private let now: @Sendable () -> Duration
  private let state = Mutex(State())

  private struct State: Sendable {
    var log: ApplyLog?
    var places = ManifestPlaces(nil)
    var began: [Step.Identity: Duration] = [:]
  }

  package init(
    _ console: Console, timestamp: @escaping @Sendable () -> String, now: @escaping @Sendable () -> Duration
  ) {
    self.console = console
    self.timestamp = timestamp
    self.now = now
  }

  /// Says first what writes here.
  package convenience init(_ console: Console, version: String) {
    let start = ContinuousClock.now
    self.init(console, timestamp: { MerosCommand.timestamp() }, now: { ContinuousClock.now - start })
    write("version", "meros \(version)", ["meros": .string(version), "ui": "1.0"])
  }

  package func warn(_ diagnostics: Diagnostics) {
    for found in diagnostics.all {
      diagnostic(found.severity.rawValue, found.summary, found.remedy ?? "", at: found.location)
    }
  }

  package func propose(_ proposals: [Proposal]) {
    for proposal in proposals {
      for planned in proposal.plan.changes {
        var change = PlanJSON.change(planned, proposal.estimates)
        change["action"] = .string(planned.change.verb.tofuAction)
        change["resource"] = resource(planned.address, proposal)
        write(
          "planned_change", "\(planned.address): plan to \(planned.change.verb.tofuAction)",
          ["change": .object(change)])
      }
      for move in proposal.goal.lock.map({ LockView($0).values }) ?? [] {
        write("planned_lock", "\(move["name"]?.string ?? ""): plan to write the lock file", ["lock": .object(move)])
      }
      for kept in proposal.plan.kept {
        diagnostic("warning", "\(kept.address) is kept", kept.reason.words(kept.address), address: kept.address)
      }
      for note in proposal.goal.notes { diagnostic("warning", note, "") }
    }
    summarize(Tally(proposals), "plan")
    for proposal in proposals {
      for problem in proposal.plan.problems {
        let view = ProblemView(problem, of: proposal)
        diagnostic("error", view.summary, view.remedy, address: problem.address)
      }
    }
  }

  package func refuse(_ refusals: [Gate.Refusal]) {
    let view = RefusalView(refusals)
    for (refusal, summary) in zip(refusals, view.summaries) {
      diagnostic("error", summary, view.remedy, address: refusal.address)
    }
  }

  package func ask(_ proposals: [Proposal], destroying: Bool) -> Bool? {
    diagnostic("error", "this needs approval, and --json asks nobody", "give --auto-approve")
    return nil
  }

  package func declined(destroying: Bool) {}

  package func begin(_ proposal: Proposal) {
    state.withLock { $0 = State(log: ApplyLog(proposal.plan), places: proposal.goal.places) }
  }

  package func tell(_ event: ApplyEvent) {
    state.withLock { state in
      switch event {
      case .started(let step):
        state.began[step.id] = now()
        hook("apply_start", step.id, &state)
      case .progress(let step, let report):
        var more: [String: JSON] = ["activity": .string(report.activity)]
        if let fraction = report.fraction { more["fraction"] = .number(fraction) }
        hook("apply_progress", step.id, &state, more)
      case .finished(let step, .done): hook("apply_complete", step.id, &state)
      case .finished(let step, .failed(let error)):
        let view = HostErrorView(error, places: state.places)
        hook("apply_errored", step.id, &state)
        diagnostic(
          "error", view.summary, view.text(Paint(isOn: false)), address: step.id.address, at: view.location)
      case .finished(let step, .skipped(let cause)):
        hook("apply_errored", step.id, &state, ["skipped": .string(cause.words)])
      }
    }
  }

  package func tick() {}
  package func end(_ proposal: Proposal, _ report: Report) {}

  package func interrupted(_ stage: Interrupts.Stage) {
    diagnostic("warning", String(ConclusionView(Paint(isOn: false)).interrupted(stage).dropLast()), "")
  }

  package func moved(_ proposal: Proposal) {
    diagnostic("error", "the host changed since \(proposal.goal.constellation) was planned", "plan again")
  }

  package func failed(_ error: HostError) {
    let view = HostErrorView(error)
    diagnostic("error", view.summary, view.text(Paint(isOn: false)))
  }

  package func remains(_ proposal: Proposal) {
    if proposal.plan.isEmpty && proposal.plan.problems.isEmpty {
      diagnostic("error", ConclusionView.failedAllTheSame(proposal.goal.constellation), ConclusionView.lookAbove)
    }
    for planned in proposal.plan.changes {
      diagnostic(
        "error", "\(planned.address) is not yet as it should be", "apply again once the cause is gone",
        address: planned.address)
    }
  }

  package func complete(_ tally: Tally, destroying: Bool) { summarize(tally, destroying ? "destroy" : "apply") }

  package func notBegun(_ constellations: [String]) {
    for name in constellations { diagnostic("error", "\(name) was not begun", "apply it by itself") }
  }
}

extension JSONNarrator {
  private func write(_ type: String, _ message: String, level: String = "info", _ members: [String: JSON]) {
    var all = members
    all["type"] = .string(type)
    all["@level"] = .string(level)
    all["@message"] = .string(message)
    all["@module"] = "meros.ui"
    all["@timestamp"] = .string(timestamp())
    console.print("\(JSON.object(all))\n")
  }

  package func diagnostic(
    _ severity: String, _ summary: String, _ detail: String, address: ResourceAddress? = nil,
    at location: SourceLocation? = nil
  ) {
    var members: [String: JSON] = [
      "severity": .string(severity), "summary": .string(summary), "detail": .string(detail),
    ]
    if let location {
      members["range"] = [
        "filename": .string(location.file),
        "start": ["line": .integer(Int64(location.line)), "column": .integer(Int64(location.column))],
      ]
    }
    if let address { members["address"] = .string("\(address)") }
    let level = severity == "error" ? "error" : severity == "warning" ? "warn" : "info"
    write("diagnostic", "\(severity): \(summary)", level: level, ["diagnostic": .object(members)])
  }

  private func summarize(_ tally: Tally, _ operation: String) {
    let counts = "\(tally.added) to add, \(tally.changed) to change, \(tally.destroyed) to destroy"
    write(
      "change_summary", operation == "plan" ? "plan: \(counts)" : "\(operation) complete",
      [
        "changes": [
          "add": .integer(Int64(tally.added)), "change": .integer(Int64(tally.changed)),
          "remove": .integer(Int64(tally.destroyed)), "operation": .string(operation),
        ]
      ])
  }

  private func hook(_ type: String, _ step: Step.Identity, _ state: inout State, _ more: [String: JSON] = [:]) {
    let words = state.log?.words(step) ?? StepWords(step.half, .update)
    var members = more
    members["resource"] = resource(step.address, nil)
    members["action"] = .string(words.action)
    if type != "apply_start", let began = state.began[step] {
      members["elapsed_seconds"] = .integer((now() - began).components.seconds)
    }
    let verb =
      switch type {
      case "apply_complete": words.done
      case "apply_errored": more["skipped"] == nil ? "failed while \(words.doing)" : "skipped"
      default: words.doing
      }
    write(
      type, "\(step.address): \(verb)", level: type == "apply_errored" ? "error" : "info", ["hook": .object(members)])
  }

  private func resource(_ address: ResourceAddress, _ proposal: Proposal?) -> JSON {
    var members: [String: JSON] = [
      "addr": .string("\(address)"), "resource_type": .string(address.kind), "resource_name": .string(address.name),
    ]
    if let proposal { members["constellation"] = .string(proposal.goal.constellation) }
    return .object(members)
  }
}
