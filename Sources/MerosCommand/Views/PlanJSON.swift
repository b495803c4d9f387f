import QMP
import Reconcile

/// Plans for programs: one object, keys sorted.
package struct PlanJSON {
  /// Raised in its first number when something is taken away or means something else.
  static let formatVersion = "1.0"

  private let proposals: [Proposal]

  package init(_ proposals: [Proposal]) { self.proposals = proposals }

  package var text: String { "\(value)\n" }

  var value: JSON {
    let tally = Tally(proposals)
    return [
      "format_version": .string(Self.formatVersion),
      "constellations": .array(proposals.map { .string($0.goal.constellation) }),
      "changes": .array(each(\.plan.changes) { Self.change($0) }),
      "kept": .array(each(\.plan.kept) { ["address": .string("\($0.address)"), "reason": .string($0.reason.code)] }),
      "problems": .array(
        each(\.plan.problems) { problem in
          let view = ProblemView(problem)
          return [
            "address": .string("\(problem.address)"), "code": .string(problem.code), "summary": .string(view.summary),
            "remedy": .string(view.remedy),
          ]
        }),
      "notes": .array(each(\.goal.notes) { ["summary": .string($0)] }),
      "summary": [
        "add": .integer(Int64(tally.added)), "change": .integer(Int64(tally.changed)),
        "destroy": .integer(Int64(tally.destroyed)),
        "disruption": .string((proposals.map(\.plan.disruption).max() ?? .none).rawValue),
      ],
    ]
  }

  private func each<Element>(_ list: KeyPath<Proposal, [Element]>, _ object: (Element) -> [String: JSON]) -> [JSON] {
    proposals.flatMap { proposal in
      proposal[keyPath: list].map { element in
        var members = object(element)
        members["constellation"] = .string(proposal.goal.constellation)
        return .object(members)
      }
    }
  }

  static func change(_ planned: PlannedChange) -> [String: JSON] {
    [
      "address": .string("\(planned.address)"), "kind": .string(planned.address.kind),
      "verb": .string(planned.change.verb.rawValue), "disruption": .string(planned.change.disruption.rawValue),
      "reasons": .array(
        planned.change.reasons.map { reason in
          [
            "path": .string(reason.path), "before": reason.before.map(JSON.string) ?? .null,
            "after": reason.after.map(JSON.string) ?? .null,
          ]
        }),
    ]
  }
}
