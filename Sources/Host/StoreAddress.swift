/// Which entry: "rootfs.debian-bookworm-1a2b3c4d5e6f".
package struct StoreAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
  package var kind: StoreKind
  package var name: String

  package init(_ kind: StoreKind, _ name: String) {
    self.kind = kind
    self.name = name
  }

  /// nil for what `description` does not write.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", maxSplits: 1)
    guard parts.count == 2, let kind = StoreKind(rawValue: String(parts[0])), !parts[1].contains("/") else {
      return nil
    }
    self.init(kind, String(parts[1]))
  }

  package var description: String { "\(kind.rawValue).\(name)" }

  package static func < (a: Self, b: Self) -> Bool { (a.kind, a.name) < (b.kind, b.name) }
}
