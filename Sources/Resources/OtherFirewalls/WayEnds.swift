/// Between whom something is admitted: bridges by the manifest's names, `host`, `world`.
package struct WayEnds: Hashable, Sendable, Comparable, CustomStringConvertible {
  package var from: String
  package var to: String

  package init(from: String, to: String) {
    self.from = from
    self.to = to
  }

  package var description: String { "\(from) -> \(to)" }

  package static func < (a: Self, b: Self) -> Bool { (a.from, a.to) < (b.from, b.to) }
}
