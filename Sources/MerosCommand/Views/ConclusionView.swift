import Host
import Reconcile
import Resources

/// How an apply ended.
struct ConclusionView {
  private let paint: Paint

  init(_ paint: Paint) { self.paint = paint }

  func complete(_ tally: Tally, destroying: Bool) -> String {
    if destroying {
      return "\n\(paint("Destroy complete!", .good)) Resources: \(tally.destroyed) destroyed.\n"
    }
    let counts = "\(tally.added) added, \(tally.changed) changed, \(tally.destroyed) destroyed."
    return "\n\(paint("Apply complete!", .good)) Resources: \(counts)\n"
  }

  /// The errors of the steps that failed, and what was left out because of them or an interrupt; empty when all was done.
  func report(_ report: Report, of proposal: Proposal) -> String {
    var failures = ""
    var (failed, skipped, interrupted) = (0, 0, 0)
    for (step, outcome) in report.outcomes.sorted(by: { $0.key < $1.key }) {
      switch outcome {
      case .done: break
      case .failed(let error):
        failed += 1
        let view = HostErrorView(error, places: proposal.goal.places)
        failures += "\n\(paint("\(step.address)", .bold))\(users(of: step.address, proposal)):\n\(view.text(paint))"
      case .skipped(because: .waitedFor): skipped += 1
      case .skipped(because: .interrupted): interrupted += 1
      }
    }
    guard failed + skipped + interrupted > 0 else { return "" }
    let done = report.outcomes.count - failed - skipped - interrupted
    var counts = ["\(counted(done, "step")) done"]
    if failed > 0 { counts.append("\(failed) failed") }
    if skipped > 0 { counts.append("\(skipped) skipped because of that") }
    if interrupted > 0 { counts.append("\(interrupted) not begun because of the interrupt") }
    return "\(failures)\n\(enumerated(counts))\n"
  }

  /// For which machines it is built; empty for what says so by its name.
  private func users(of address: ResourceAddress, _ proposal: Proposal) -> String {
    let graph = proposal.goal.graph
    guard graph.resources[address] is any BuiltResource else { return "" }
    let machines = graph.order.filter { machine in
      machine.kind == VirtualMachine.kind && graph.closure(of: [machine]).contains(address)
    }
    let rest = machines.count > 4 ? ["\(machines.count - 3) more"] : []
    let names = machines.prefix(rest.isEmpty ? 4 : 3).map(\.description) + rest
    return names.isEmpty ? "" : " (for \(enumerated(names)))"
  }

  /// What a fresh look says is still to be done; nothing where a step failed all the same.
  func remains(_ proposal: Proposal) -> String {
    let name = proposal.goal.constellation
    if proposal.plan.isEmpty && proposal.plan.problems.isEmpty {
      return "\(paint("error", .bad)): \(Self.failedAllTheSame(name))\n  \(paint("do", .bold)): \(Self.lookAbove)\n"
    }
    let lines = proposal.plan.changes.map { planned in
      let symbol = planned.change.verb.symbol
      let paths = planned.change.verb == .update ? planned.change.reasons.map(\.path) : []
      let why = paths.isEmpty ? "" : " (\(enumerated(Array(paths.prefix(4)))))"
      return "  \(paint(symbol, planned.change.verb.ink)) \(planned.address)\(why)\n"
    }
    let problems = proposal.plan.problems.map { ProblemView($0, of: proposal).text(paint) }
    return "\(paint("error", .bad)): \(name) is not yet as it should be; this remains:\n" + (lines + problems).joined()
      + "  \(paint("do", .bold)): apply again once the cause is gone: it goes on from here\n"
  }

  static func failedAllTheSame(_ name: String) -> String {
    "not every step of \(name) was done, though nothing remains to be changed"
  }
  static let lookAbove = "see above what went wrong, and what to do about it"

  /// The host is no longer as the person was shown it.
  func moved(_ proposal: Proposal) -> String {
    "\(paint("error", .bad)): the host changed since the plan of \(proposal.goal.constellation) was shown\n"
      + "  \(paint("do", .bold)): run it again and read the new plan; nothing of this constellation was changed\n"
  }

  func declined(destroying: Bool) -> String {
    "\n\(destroying ? "Destroy" : "Apply") cancelled; nothing was changed.\n"
  }

  func interrupted(_ stage: Interrupts.Stage) -> String {
    switch stage {
    case .finishing:
      "\(paint("Interrupted", .careful)): what runs is finished, nothing more is begun; interrupt again to stop at once\n"
    case .stopping: "\(paint("Interrupted again", .bad)): stopping at once\n"
    }
  }

  func notBegun(_ constellations: [String]) -> String {
    "\(enumerated(constellations)): not begun\n"
  }
}
