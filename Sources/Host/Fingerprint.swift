import Network

/// The digest of all inputs of a built thing: 64 lower-case hexadecimal digits (SHA-256).
package struct Fingerprint: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let text: String

  /// nil unless it is 64 lower-case hexadecimal digits.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count == 64, text.utf8.allSatisfy(isLowerHexadecimal) else { return nil }
    self.text = String(text)
  }

  /// The first 12 digits, for names.
  package var short: String { String(text.prefix(12)) }

  package var description: String { text }

  package static func < (a: Self, b: Self) -> Bool { a.text < b.text }
}

/// What a built thing is.
package enum StoreKind: String, Hashable, Sendable, CaseIterable, Comparable {
  case kernel, rootfs, image

  package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
