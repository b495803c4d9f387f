import Reconcile

/// What is asked before anything is done.
struct QuestionView {
  private let proposals: [Proposal]
  private let isDestruction: Bool

  init(_ proposals: [Proposal], destroying: Bool) {
    self.proposals = proposals
    isDestruction = destroying
  }

  /// Ends where the answer is typed.
  func text(_ paint: Paint) -> String {
    let names = enumerated(proposals.filter { !$0.plan.isEmpty }.map(\.goal.constellation))
    let question = isDestruction ? "Do you really want to destroy \(names)?" : "Do you want to do this to \(names)?"
    var lines = ["", paint(question, .bold)]
    let lost = proposals.flatMap(\.plan.changes).filter {
      $0.change.verb != .create && $0.change.disruption >= .rebuild
    }
    if !lost.isEmpty {
      lines.append("  What is written on \(enumerated(lost.map { "\($0.address)" })) will be lost.")
    }
    lines.append("  Only 'yes' will be accepted to approve.")
    return lines.joined(separator: "\n") + "\n\n  \(paint("Your answer:", .bold)) "
  }

  /// Nobody is there to answer.
  func nobody(_ paint: Paint) -> String {
    "\(paint("error", .bad)): this needs your approval, and there is no terminal to ask on\n"
      + "  \(paint("do", .bold)): read the plan, then run it again with --auto-approve\n"
  }
}
