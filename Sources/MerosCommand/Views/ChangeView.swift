import Reconcile
import Resources

/// One change: what happens, why, what it costs, and the attributes before and after.
struct ChangeView {
  private let address: ResourceAddress
  private let change: Change
  private let proposal: Proposal

  init(_ planned: PlannedChange, of proposal: Proposal) {
    address = planned.address
    change = planned.change
    self.proposal = proposal
  }

  func text(_ paint: Paint) -> String {
    let symbol = String(repeating: " ", count: 3 - change.verb.symbol.count) + change.verb.symbol
    var lines = ["\(paint(symbol, change.verb.ink)) \(paint("\(address)", .bold)) \(headline)"]
    if change.verb != .create {
      lines.append("      disruption: \(disruption(paint))")
    }
    let width = change.reasons.map(\.path.count).max() ?? 0
    lines += change.reasons.map { attribute($0, width, paint) }
    return lines.map { "\($0)\n" }.joined()
  }

  private func disruption(_ paint: Paint) -> String {
    let ink: Paint.Ink = change.disruption >= .rebuild ? .bad : change.disruption >= .reload ? .careful : .good
    return "\(paint(change.disruption.rawValue, ink)) (\(change.disruption.meaning))"
  }

  private var headline: String {
    switch change.verb {
    case .create: "will be created\(estimate)"
    case .update: "will be changed: \(cause)"
    case .replace: "will be destroyed and created anew: \(cause)\(estimate)"
    case .delete: proposal.goal.isDestruction ? "will be destroyed" : "will be destroyed: no longer wanted"
    }
  }

  /// How long building it takes; empty where that is not known, and where nothing is built.
  private var estimate: String {
    proposal.estimates.durations[address].map { ", in about \($0.roughly)" } ?? ""
  }

  /// Why: the attributes that differ; those of one list only once.
  private var cause: String {
    if proposal.options.replacements.contains(address) { return "you asked for it" }
    var names: [String] = []
    for reason in change.reasons {
      let name = String(reason.path.prefix { $0 != "[" })
      if !names.contains(name) { names.append(name) }
    }
    if names.isEmpty { return "what it stands on is made anew" }
    let shown = names.count > 4 ? names.prefix(3) + ["\(names.count - 3) more"] : names[...]
    return "\(enumerated(Array(shown))) \(names.count == 1 ? "differs" : "differ")"
  }

  private func attribute(_ reason: Reason, _ width: Int, _ paint: Paint) -> String {
    let name = reason.path + String(repeating: " ", count: width - reason.path.count)
    return switch (reason.before, reason.after) {
    case (let before?, let after?):
      "      \(paint("~", .careful)) \(name) = \(shown(before)) -> \(shown(after))"
    case (let before?, nil): "      \(paint("-", .bad)) \(name) = \(shown(before))"
    case (nil, let after?): "      \(paint("+", .good)) \(name) = \(shown(after))"
    case (nil, nil): "        \(name)"
    }
  }

  /// On one line and not endless; what would be invisible is quoted.
  private func shown(_ value: String) -> String {
    if value.isEmpty { return "\"\"" }
    let isOneLine = !value.utf8.contains(UInt8(ascii: "\n"))
    let line =
      isOneLine ? value : value.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n")
    return (line.utf8.count > 160 && line.count > 160 ? "\(line.prefix(157))..." : line).printable
  }
}
