package import Diagnostics
import QMP
import Reachability
import Reconcile
import Resources

/// Plans for programs: one object, keys sorted.
package struct PlanJSON {
  /// Raised in its first number when something is taken away or means something else.
  static let formatVersion = "1.0"

  private let proposals: [Proposal]
  private let warnings: Diagnostics

  /// - Parameter warnings: what is worth a word about what was written.
  package init(_ proposals: [Proposal], warnings: Diagnostics = Diagnostics()) {
    self.proposals = proposals
    self.warnings = warnings
  }

  package var text: String { "\(value)\n" }

  var value: JSON {
    let tally = Tally(proposals)
    return [
      "format_version": .string(Self.formatVersion),
      "constellations": .array(proposals.map { .string($0.goal.constellation) }),
      "changes": .array(each(\.plan.changes) { Self.change($0, $1.estimates) }),
      "kept": .array(
        each(\.plan.kept) { kept, _ in
          ["address": .string("\(kept.address)"), "reason": .string(kept.reason.code)]
        }),
      "pending": .array(
        each(\.plan.pending) { pending, _ in
          [
            "address": .string("\(pending.address)"), "cause": .string(pending.cause.code),
            "reasons": Self.reasons(pending.reasons),
          ]
        }),
      "lock": .array(
        proposals.flatMap { proposal in
          (proposal.goal.lock.map { LockView($0).values } ?? []).map { move in
            .object(move.merging(["constellation": .string(proposal.goal.constellation)]) { own, _ in own })
          }
        }),
      "diagnostics": DiagnosticsView(warnings).value,
      "problems": .array(
        each(\.plan.problems) { problem, proposal in
          let view = ProblemView(problem, of: proposal)
          return [
            "address": .string("\(problem.address)"), "code": .string(problem.code), "summary": .string(view.summary),
            "remedy": .string(view.remedy),
          ]
        }),
      "hindrances": .array(each(\.hindrances) { hindrance, _ in HindranceView(hindrance).value }),
      "reachability": ["added": .array(lines(\.added)), "removed": .array(lines(\.removed))],
      "notes": .array(each(\.goal.notes) { note, _ in ["summary": .string(note)] }),
      "summary": [
        "add": .integer(Int64(tally.added)), "change": .integer(Int64(tally.changed)),
        "destroy": .integer(Int64(tally.destroyed)),
        "disruption": .string((proposals.map(\.plan.disruption).max() ?? .none).rawValue),
      ],
    ]
  }

  private func lines(_ list: KeyPath<ReachabilityDifference, [ReachabilityLine]>) -> [JSON] {
    proposals.flatMap { proposal in
      (proposal.reachability?[keyPath: list] ?? []).map { line in
        var members = ReachabilityJSON.line(line)
        members["constellation"] = .string(proposal.goal.constellation)
        return .object(members)
      }
    }
  }

  private func each<Element>(
    _ list: KeyPath<Proposal, [Element]>, _ object: (Element, Proposal) -> [String: JSON]
  ) -> [JSON] {
    proposals.flatMap { proposal in
      proposal[keyPath: list].map { element in
        var members = object(element, proposal)
        members["constellation"] = .string(proposal.goal.constellation)
        return .object(members)
      }
    }
  }

  static func change(_ planned: PlannedChange, _ estimates: BuildEstimates = .none) -> [String: JSON] {
    var members: [String: JSON] = [
      "address": .string("\(planned.address)"), "kind": .string(planned.address.kind),
      "verb": .string(planned.change.verb.rawValue), "disruption": .string(planned.change.disruption.rawValue),
      "reasons": reasons(planned.change.reasons),
    ]
    if let estimate = estimates.durations[planned.address] {
      members["estimated_seconds"] = .integer(estimate.roughSeconds)
    }
    return members
  }

  static func reasons(_ reasons: [Reason]) -> JSON {
    .array(
      reasons.map { reason in
        [
          "path": .string(reason.path), "before": reason.before.map(JSON.string) ?? .null,
          "after": reason.after.map(JSON.string) ?? .null,
        ]
      })
  }
}

extension Pending.Cause {
  /// For programs.
  fileprivate var code: String {
    switch self {
    case .manifest: "manifest"
    case .isShutDown: "shut-down"
    case .isPaused: "paused"
    }
  }
}
