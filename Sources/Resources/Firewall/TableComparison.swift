import Network
import Reconcile

/// What differs between tables, object by object, for people.
struct TableComparison {
  private var found: [Reason] = []

  /// More are counted and not shown: a flushed set of a thousand members fills no screen.
  private static let limit = 40

  init(from observed: [TableIdentity: Table], to desired: [Table]) {
    for table in desired {
      guard let present = observed[table.identity] else {
        found.append(Reason("table \(table.identity)", before: nil, after: "present"))
        continue
      }
      if present.header.isDormant != table.header.isDormant {
        let words = [true: "dormant", false: "active"]
        found.append(
          Reason(
            "table \(table.identity)", before: words[present.header.isDormant],
            after: words[table.header.isDormant]))
      }
      compareChains(present, table)
      compareSets(present, table)
      for other in present.others.subtracting(table.others) {
        found.append(Reason("\(table.identity.family.rawValue) object \(other.name)", before: "present", after: nil))
      }
    }
  }

  /// Sorted by path; the last one counts what is left out.
  var reasons: [Reason] {
    let sorted = found.sorted()
    guard sorted.count > Self.limit else { return sorted }
    return sorted.prefix(Self.limit) + [Reason("…", before: nil, after: "\(sorted.count - Self.limit) more")]
  }

  private mutating func compareChains(_ old: Table, _ new: Table) {
    for name in Set(old.chains.keys).union(new.chains.keys) {
      let path = "\(new.identity.family.rawValue) chain \(name)"
      let (before, after) = (old.chains[name], new.chains[name])
      guard let before, let after else {
        found.append(
          Reason(path, before: before.map { _ in "present" }, after: after.map { _ in "present" }))
        continue
      }
      if before.base != after.base {
        found.append(Reason(path, before: Self.text(of: before.base), after: Self.text(of: after.base)))
      }
      compareRules(before.rules, after.rules, path)
    }
  }

  private mutating func compareRules(_ old: [Rule], _ new: [Rule], _ path: String) {
    guard old != new else { return }
    let difference = new.difference(from: old)
    for change in difference {
      switch change {
      case .insert(let place, let rule, _):
        found.append(Reason("\(path) rule \(place + 1)", before: nil, after: rule.description))
      case .remove(let place, let rule, _):
        found.append(Reason("\(path) rule \(place + 1)", before: rule.description, after: nil))
      }
    }
  }

  private mutating func compareSets(_ old: Table, _ new: Table) {
    for name in Set(old.sets.keys).union(new.sets.keys) {
      let path = "\(new.identity.family.rawValue) set \(name)"
      let (before, after) = (old.sets[name], new.sets[name])
      guard let before, let after else {
        found.append(
          Reason(path, before: before.map { _ in "present" }, after: after.map { _ in "present" }))
        continue
      }
      guard before.hasShape(of: after) else {
        found.append(Reason(path, before: Self.text(of: before), after: Self.text(of: after)))
        continue
      }
      compareElements(before, after, path)
    }
  }

  /// Only the set of `EndingSign` has it, and only while it is not finished.
  private static let unfinished = Reason(
    "connections", before: "some may go on that are refused now", after: "ended")

  private mutating func compareElements(_ old: SetDefinition, _ new: SetDefinition, _ path: String) {
    guard old.elements != new.elements else { return }
    var old = old
    if old.name == InetSetName.ending, old.elements.remove(EndingSign.element) != nil { found.append(Self.unfinished) }
    let gone = Dictionary(old.elements.subtracting(new.elements).map { (old.text(of: $0), $0) }) { first, _ in first }
    let come = Dictionary(new.elements.subtracting(old.elements).map { (new.text(of: $0), $0) }) { first, _ in first }
    for text in Set(gone.keys).union(come.keys) {
      if let before = gone[text], let after = come[text] {
        // The same key with another comment, or with a timeout or expressions that somebody gave it.
        found.append(
          Reason("\(path) element \(text)", before: Self.text(of: before), after: Self.text(of: after)))
      } else {
        found.append(
          Reason(
            "\(path) element \(text)", before: gone[text].map { _ in "present" },
            after: come[text].map { _ in "present" }))
      }
    }
  }

  private static func text(of element: SetElement) -> String {
    [element.comment.map { "\"\($0)\"" }, element.isUnknown ? "altered" : nil].compactMap(\.self)
      .joined(separator: " ")
  }

  private static func text(of base: Chain.Base?) -> String {
    guard let base else { return "regular" }
    let words = ["\(base.type)", "\(base.hook)", "\(base.priority)", "policy \(base.policy)"]
    return (words + base.unknown.sorted()).joined(separator: " ")
  }

  private static func text(of set: SetDefinition) -> String {
    let words = [set.key.map { "\($0)" }.joined(separator: " . "), set.isInterval ? "interval" : ""]
    return (words.filter { !$0.isEmpty } + set.unknown.sorted()).joined(separator: " ")
  }
}
