/// What a resource is called everywhere: its kind and its name within the constellation, `bridge.lan`.
package struct ResourceAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let kind: String
  package let name: String

  package init(kind: String, name: String) {
    self.kind = kind
    self.name = name
  }

  /// Reads `KIND.NAME`; the name may hold more dots. nil where one of them is empty.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    kind = String(parts[0])
    name = String(parts[1])
  }

  /// Of the name alone: few kinds share one, and addresses are looked up more often than anything else.
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }

  package var description: String { "\(kind).\(name)" }

  package static func < (a: Self, b: Self) -> Bool { (a.kind, a.name) < (b.kind, b.name) }
}
