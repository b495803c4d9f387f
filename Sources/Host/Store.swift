/// The digest of all inputs of a built thing: 64 lower-case hexadecimal digits (SHA-256).
package struct Fingerprint: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let text: String

  /// nil unless it is 64 lower-case hexadecimal digits.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count == 64, text.allSatisfy({ ("0"..."9").contains($0) || ("a"..."f").contains($0) }) else {
      return nil
    }
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

/// A finished folder of the store, `data/store/KIND/NAME`.
package struct StoreEntry: Hashable, Sendable {
  package var kind: StoreKind
  /// The folder's name: a label for people and the fingerprint's first 12 digits, "debian-bookworm-1a2b3c4d5e6f".
  package var name: String
  package var fingerprint: Fingerprint
  /// What it was built from, by what a person would call it ("packages", "file etc/motd"), as `Recipe.inputs` had it.
  package var inputs: [String: String]
  /// SHA-256 of the main file of the result, in lower-case hexadecimal.
  package var digest: String
  /// How long the build took.
  package var duration: Duration

  package init(
    kind: StoreKind, name: String, fingerprint: Fingerprint, inputs: [String: String], digest: String,
    duration: Duration
  ) {
    self.kind = kind
    self.name = name
    self.fingerprint = fingerprint
    self.inputs = inputs
    self.digest = digest
    self.duration = duration
  }
}

/// The store of built things. It belongs to no constellation.
package protocol Store: Sendable {
  /// Every finished entry.
  func entries() async throws(HostError) -> [StoreEntry]
  /// Makes the entry exist: built beside its place and renamed in last, once per fingerprint however many ask.
  /// An entry that is there is left as it is, unless `rebuild`.
  func build(_ recipe: Recipe, rebuild: Bool, progress: Progress) async throws(HostError)
}
