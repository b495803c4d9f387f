package import Host
package import Reconcile

/// Applies plans: asks, acts, and looks again. The same for `apply` and `destroy`.
package struct ApplySession: Sendable {
  package var kinds: [any Resource.Type]
  package var host: Host
  package var gate: Gate
  /// The person approved beforehand.
  package var isApproved: Bool
  package var parallelism: Int
  package var narrator: any Narrator
  package var interrupts: Interrupts

  package init(
    kinds: [any Resource.Type], host: Host, gate: Gate, isApproved: Bool = false, parallelism: Int = 10,
    narrator: any Narrator, interrupts: Interrupts = .none
  ) {
    self.kinds = kinds
    self.host = host
    self.gate = gate
    self.isApproved = isApproved
    self.parallelism = parallelism
    self.narrator = narrator
    self.interrupts = interrupts
  }

  /// How it ended.
  package enum Ending: Equatable, Sendable {
    /// Nothing had to be done, or all of it was and a fresh look found nothing more.
    case complete
    /// Nothing was done: problems, a refusal, or no approval.
    case refused
    /// Something was done, and something remains, or went wrong on the way.
    case incomplete
  }

  /// Shows the plans, and carries them out one after the other.
  package func run(_ proposals: [Proposal]) async -> Ending {
    narrator.propose(proposals)
    guard proposals.allSatisfy(\.plan.problems.isEmpty) else { return .refused }
    guard !proposals.allSatisfy(\.plan.isEmpty) else {
      guard await writeLockFiles(of: proposals) else { return .incomplete }
      narrator.complete(Tally([Change.Verb]()), destroying: gate.isDestruction)
      return .complete
    }
    let refusals = gate.refusals(of: proposals)
    guard refusals.isEmpty else {
      narrator.refuse(refusals)
      return .refused
    }
    guard approved(proposals) else { return .refused }
    // Before anything is done: what is half done by then must be finished with the same.
    guard await writeLockFiles(of: proposals) else { return .incomplete }
    return await carryOut(proposals)
  }

  /// False when one could not be written.
  private func writeLockFiles(of proposals: [Proposal]) async -> Bool {
    do throws(HostError) {
      for lock in proposals.compactMap(\.goal.lock) where !lock.moves.isEmpty {
        try await host.inputs.replaceLockFile(lock.path, with: Array(lock.text.utf8))
      }
      return true
    } catch {
      narrator.failed(error)
      return false
    }
  }

  private func approved(_ proposals: [Proposal]) -> Bool {
    if isApproved && !gate.mustAsk(proposals) { return true }
    switch narrator.ask(proposals, destroying: gate.isDestruction) {
    case true?: return true
    case false?:
      narrator.declined(destroying: gate.isDestruction)
      return false
    case nil: return false
    }
  }

  private func carryOut(_ proposals: [Proposal]) async -> Ending {
    for (index, proposal) in proposals.enumerated() where !proposal.plan.isEmpty {
      guard await carryOut(proposal, isFirst: index == 0) else {
        let rest = proposals[(index + 1)...].filter { !$0.plan.isEmpty }
        if !rest.isEmpty { narrator.notBegun(rest.map(\.goal.constellation)) }
        return .incomplete
      }
    }
    narrator.complete(Tally(proposals), destroying: gate.isDestruction)
    return .complete
  }

  /// True when every step succeeded and nothing remains to be done.
  private func carryOut(_ proposal: Proposal, isFirst: Bool) async -> Bool {
    do throws(HostError) {
      var current = proposal
      if !isFirst {
        // Those before it have changed the host since it was looked at.
        current = try await look(proposal)
        guard current.plan.problems.isEmpty, current.asksNoMore(than: proposal) else {
          narrator.moved(current)
          return false
        }
      }
      narrator.begin(current)
      let report = await apply(current)
      narrator.end(current, report)
      let after = try await look(proposal.again)
      if report.isComplete && after.plan.isEmpty && after.plan.problems.isEmpty { return true }
      narrator.remains(after)
    } catch {
      narrator.failed(error)
    }
    return false
  }

  private func apply(_ proposal: Proposal) async -> Report {
    let (host, narrator, parallelism) = (host, narrator, parallelism)
    let report = await interrupts.watch(told: { narrator.interrupted($0) }) { interruption in
      await withTaskGroup(of: Report?.self) { group in
        group.addTask {
          await proposal.plan.apply(on: host, parallelism: parallelism, interruption: interruption) { event in
            narrator.tell(event)
          }
        }
        group.addTask {
          while !Task.isCancelled {
            narrator.tick()
            // Cancelled when the plan is applied.
            try? await Task.sleep(for: .milliseconds(100))
          }
          return nil
        }
        var report: Report?
        for await result in group {
          report = report ?? result
          group.cancelAll()
        }
        return report
      }
    }
    return (report ?? nil) ?? Report(outcomes: [:])
  }

  private func look(_ proposal: Proposal) async throws(HostError) -> Proposal {
    let observation = try await Observation(of: kinds, proposal.observation.scope, on: host)
    return Proposal(proposal.goal, observation, kinds: kinds, options: proposal.options)
  }
}

extension Proposal {
  /// The same wish once it is fulfilled: nothing is to be made anew any more, and what was named may be gone.
  fileprivate var again: Proposal {
    var options = options
    options.replacements = []
    options.requests = [:]
    options.departed = Set(plan.changes.map(\.address))
    return Proposal(goal, observation, options: options, plan: plan)
  }

  /// Every change of this one is a change of the other: what was approved covers it.
  fileprivate func asksNoMore(than other: Proposal) -> Bool {
    let approved = [ResourceAddress: Change](other.plan.changes.map { ($0.address, $0.change) }) { first, _ in first }
    return plan.changes.allSatisfy { planned in
      guard let change = approved[planned.address] else { return false }
      return change.verb == planned.change.verb && change.disruption >= planned.change.disruption
        && change.reasons == planned.change.reasons
    }
  }
}
