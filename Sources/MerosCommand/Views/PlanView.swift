import Reachability
import Reconcile
import Resources

/// Plans in words, one for each constellation.
package struct PlanView {
  private let proposals: [Proposal]

  package init(_ proposals: [Proposal]) { self.proposals = proposals }

  /// The whole page, problems at its end.
  package func text(_ paint: Paint) -> String {
    var parts: [String] = []
    let verbs = Set(proposals.flatMap(\.plan.changes).map(\.change.verb))
    if !verbs.isEmpty { parts.append(legend(verbs, paint)) }
    for proposal in proposals {
      let body = changes(of: proposal, paint)
      if proposals.count > 1 {
        let same = proposal.plan.isEmpty ? "Nothing to do.\n" : ""
        parts.append("\(paint("Constellation \(proposal.goal.constellation)", .bold))\n\n\(same)\(body)")
      } else if !body.isEmpty {
        parts.append(body)
      }
    }
    let reachability = reachability(paint)
    if !reachability.isEmpty { parts.append(reachability) }
    let lockFiles = proposals.compactMap(\.goal.lock).map { LockView($0).text(paint) }.filter { !$0.isEmpty }
    parts += lockFiles
    let notes = notes(paint)
    if !notes.isEmpty { parts.append(notes) }
    let hindrances = hindrances(paint)
    if !hindrances.isEmpty { parts.append(hindrances) }
    let kept = kept
    if !kept.isEmpty { parts.append(kept) }
    let pending = pending
    if !pending.isEmpty { parts.append(pending) }
    let resting = resting
    if !resting.isEmpty { parts.append(resting) }
    parts.append(conclusion(verbs, paint))
    let problems = problems(paint)
    if !problems.isEmpty { parts.append(problems) }
    return parts.joined(separator: "\n")
  }

  private func legend(_ verbs: Set<Change.Verb>, _ paint: Paint) -> String {
    let used = Change.Verb.allCases.filter(verbs.contains)
    return "What the symbols mean:\n"
      + used.map { verb in
        let symbol = String(repeating: " ", count: 3 - verb.symbol.count) + verb.symbol
        return "\(paint(symbol, verb.ink)) \(verb.meaning)\n"
      }.joined()
  }

  private func changes(of proposal: Proposal, _ paint: Paint) -> String {
    proposal.plan.changes.map { ChangeView($0, of: proposal).text(paint) }.joined(separator: "\n")
  }

  private func reachability(_ paint: Paint) -> String {
    proposals.map { proposal in
      guard let difference = proposal.reachability, !difference.isEmpty else { return "" }
      let whose = proposals.count > 1 ? " of \(proposal.goal.constellation)" : ""
      return "Reachability\(whose):\n\(ReachabilityChangeView(difference).text(paint))"
    }.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private func notes(_ paint: Paint) -> String {
    proposals.flatMap { proposal in
      proposal.goal.notes.map { "\(paint("note", .careful)): \(prefix(proposal))\($0)\n" }
    }.joined()
  }

  private func hindrances(_ paint: Paint) -> String {
    proposals.flatMap(\.hindrances).map { HindranceView($0).text(paint) }.joined(separator: "\n")
  }

  private var kept: String {
    let lines = proposals.flatMap { proposal in
      proposal.plan.kept.map { "  \(prefix(proposal))\($0.address): \($0.reason.words($0.address))\n" }
    }
    return lines.isEmpty ? "" : "Kept although the constellation no longer has it:\n" + lines.joined()
  }

  private var pending: String {
    let lines = proposals.flatMap { proposal in
      proposal.plan.pending.filter { $0.cause == .manifest }.map { pending in
        "  \(prefix(proposal))\(pending.address): differs in \(pending.words); --replace \(pending.address) renews it\n"
      }
    }
    return lines.isEmpty ? "" : "Pending, since the constellation says keep:\n" + lines.joined()
  }

  private var resting: String {
    let lines = proposals.flatMap { proposal in
      proposal.plan.pending.compactMap { pending in
        pending.restWords(of: proposal.goal.constellation).map { "  \(prefix(proposal))\(pending.address): \($0)\n" }
      }
    }
    return lines.isEmpty ? "" : "Left at rest, since somebody asked for it:\n" + lines.joined()
  }

  private func prefix(_ proposal: Proposal) -> String {
    proposals.count > 1 ? "\(proposal.goal.constellation): " : ""
  }

  private func conclusion(_ verbs: Set<Change.Verb>, _ paint: Paint) -> String {
    if verbs.isEmpty {
      if proposals.contains(where: { !$0.plan.problems.isEmpty }) { return "Nothing was planned.\n" }
      let isGone = proposals.allSatisfy(\.goal.isDestruction)
      if isGone { return "\(paint("No changes.", .good)) There is nothing to destroy.\n" }
      let matches = proposals.count == 1 ? "matches the constellation" : "matches the constellations"
      return "\(paint("No changes.", .good)) Your infrastructure \(matches).\n"
    }
    let tally = Tally(proposals)
    let counts = "\(tally.added) to add, \(tally.changed) to change, \(tally.destroyed) to destroy."
    return "\(paint("Plan:", .bold)) \(counts)\n\(building)"
  }

  /// How long it takes, as far as earlier builds tell.
  private var building: String {
    let estimates = proposals.map(\.estimates).filter { $0.total > .zero }
    if estimates.isEmpty { return "" }
    // One constellation after the other.
    let total = estimates.reduce(.zero) { $0 + $1.total }
    let rest = proposals.contains(where: \.estimates.isPartial) ? ", besides what was never built here" : ""
    return "Building takes about \(total.roughly), by earlier builds\(rest).\n"
  }

  private func problems(_ paint: Paint) -> String {
    proposals.flatMap { proposal in
      proposal.plan.problems.map { ProblemView($0, of: proposal).text(paint) }
    }.joined(separator: "\n")
  }
}

extension Kept.Reason {
  /// Why it stays and what would delete it.
  func words(_ address: ResourceAddress) -> String {
    switch self {
    case .dataDisk: "a data disk goes only with --delete-disk \(address)"
    case .isProtected: "it is protected; write protect: false and apply before it can go"
    }
  }

  /// For programs.
  var code: String {
    switch self {
    case .dataDisk: "data-disk"
    case .isProtected: "protected"
    }
  }
}
