import Diagnostics
import Host
import Network
import QMP
import Reconcile
import SystemPackage

/// Why a resource is as it is, as a person would tell it.
struct AccountView {
  private let account: Account
  private let proposal: Proposal
  /// In seconds since 1970.
  private let now: Int64

  init(_ account: Account, of proposal: Proposal, now: Int64) {
    self.account = account
    self.proposal = proposal
    self.now = now
  }

  func text(_ paint: Paint) -> String {
    var parts = ["\(paint("\(account.address)", .bold)) of \(account.constellation) \(verdict)\n"]
    parts.append(places(paint))
    parts.append(facts(paint))
    parts.append(plan(paint))
    parts.append(predecessor(paint))
    parts.append(causes(paint))
    parts.append(inputs(paint))
    parts.append(list("Stands on", foundations(account.foundations, depth: 1, paint), paint))
    parts.append(list("On it stand", dependents(paint), paint))
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// What it is and how it stands to the manifest, in a few words.
  private var verdict: String {
    switch account.state {
    case "ok": "is as it should be (\(account.health))"
    case "differs": "is \(account.health) and differs from what is written"
    case "missing": "should be there and is not"
    case "left over": "is there and no longer wanted"
    case "not wanted": "is there, and this constellation does not want it"
    case "kept": "is no longer wanted, and stays"
    case "off": "was shut down, and rests"
    case "paused": "was paused, and stands still"
    case "pending": "differs, and waits to be asked for"
    default: "is \(account.state)"
    }
  }

  private func places(_ paint: Paint) -> String {
    guard !account.places.isEmpty else { return "" }
    let shown = account.places.prefix(account.places.count > 8 ? 6 : 8)
    let width = shown.map { "\($0.location)".count }.max() ?? 0
    var lines = shown.map { place in
      let location = "\(place.location)"
      return "  \(location.printable)\(spaces(width - location.count))  \(place.words.printable)"
    }
    if account.places.count > shown.count { lines.append("  and \(account.places.count - shown.count) more places") }
    return list("Written at", lines, paint)
  }

  private func facts(_ paint: Paint) -> String {
    var lines: [String] = []
    if let desired = account.desired { lines.append("should be  \(desired.printable)") }
    lines.append("is         \(account.health)")
    if let since = account.since {
      let age = Duration.seconds(max(0, now - since.second)).elapsed
      lines.append("since      \(timestamp(ofSecond: since.second)), \(age) ago: \(since.words)")
    }
    if let display = account.display { lines.append("display    \(display.string.printable)") }
    return lines.map { "  \($0)\n" }.joined()
  }

  private func plan(_ paint: Paint) -> String {
    if let planned = account.planned {
      let text = ChangeView(planned, of: proposal).text(paint)
      // Of what is made for the first time every attribute is new, which says nothing.
      let told = planned.change.verb == .create ? "\(text.prefix { $0 != "\n" })\n" : text
      return "\(paint("What apply would do", .bold))\n\(told)"
    }
    if let kept = account.kept { return "  \(kept.reason.words(account.address))\n" }
    guard let pending = account.pending else { return "" }
    if let words = pending.restWords(of: account.constellation) { return "  \(words)\n" }
    return "  it differs in \(pending.words); --replace \(account.address) renews it\n"
  }

  private func predecessor(_ paint: Paint) -> String {
    guard let before = account.predecessor else { return "" }
    return list("Takes the place of \(before.address), since", reasons(before.reasons), paint)
  }

  private func causes(_ paint: Paint) -> String {
    account.causes.map { cause in
      list("Follows from \(cause.address)", reasons(cause.reasons), paint)
    }.joined(separator: "\n")
  }

  private func reasons(_ reasons: [Reason]) -> [String] {
    let shown = reasons.prefix(12).map { "  \($0.words)" }
    return shown + (reasons.count > 12 ? ["  and \(reasons.count - 12) more"] : [])
  }

  /// What a change would not tell: of what there may be hundreds, there is the count.
  private func inputs(_ paint: Paint) -> String {
    guard account.predecessor == nil, !account.inputs.isEmpty else { return "" }
    let groups = [String?: [String: String]](
      account.inputs.map { (Recipe.group(ofInput: $0.key), [$0.key: $0.value]) }
    ) { $0.merging($1) { one, _ in one } }
    let plain = (groups[nil] ?? [:]).sorted { $0.key < $1.key }.map { "  \($0.key.printable): \($0.value.shortened)" }
    let counted = groups.compactMap { group, inputs in group.map { "  \($0): \(inputs.count); --json tells each" } }
    return list("Made from", plain + counted.sorted(), paint)
  }

  private func foundations(_ foundations: [Account.Foundation], depth: Int, _ paint: Paint) -> [String] {
    foundations.flatMap { foundation in
      [line(foundation.link, depth, paint)] + self.foundations(foundation.below, depth: depth + 1, paint)
    }
  }

  private func dependents(_ paint: Paint) -> [String] {
    let shown = account.dependents.prefix(account.dependents.count > 12 ? 10 : 12)
    let rest = account.dependents.count - shown.count
    return shown.map { line($0, 1, paint) } + (rest > 0 ? ["  and \(rest) more; --json tells each"] : [])
  }

  private func line(_ link: Account.Link, _ depth: Int, _ paint: Paint) -> String {
    let symbol = link.verb.map { "\(paint($0.symbol, $0.ink)) " } ?? ""
    let state = link.state == "ok" ? "" : ", \(link.state)"
    return "\(spaces(2 * depth))\(symbol)\(link.address): \(link.words)\(state)"
  }

  private func list(_ title: String, _ lines: [String], _ paint: Paint) -> String {
    lines.isEmpty ? "" : "\(paint(title, .bold))\n\(lines.map { "\($0)\n" }.joined())"
  }

  private func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}
