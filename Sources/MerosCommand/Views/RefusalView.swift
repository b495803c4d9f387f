import Reconcile

/// Changes that cost more than was allowed, and what to do.
struct RefusalView {
  private let refusals: [Gate.Refusal]

  init(_ refusals: [Gate.Refusal]) { self.refusals = refusals }

  /// What is wrong, one line each.
  var summaries: [String] {
    refusals.map { refusal in
      switch refusal.cause {
      case .exceeds(let maximum):
        "\(refusal.address) costs \(refusal.disruption.rawValue), which is more than \(maximum.rawValue)"
      case .needsNaming:
        "\(refusal.address) costs \(refusal.disruption.rawValue) (\(refusal.disruption.meaning)), and nobody can be asked"
      }
    }
  }

  /// What to do.
  var remedy: String {
    let worst = refusals.map(\.disruption).max() ?? .none
    return "nothing was done; allow it with --max-disruption \(worst.rawValue), or leave it out with --target"
  }

  func text(_ paint: Paint) -> String {
    summaries.map { "\(paint("error", .bad)): \($0)\n" }.joined() + "  \(paint("do", .bold)): \(remedy)\n"
  }
}
