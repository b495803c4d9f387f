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
  /// The entries that it was made of.
  package var standsOn: Set<StoreAddress>
  /// In seconds since 1970; nil before it is in the store.
  package var builtAt: Int64?

  package init(
    kind: StoreKind, name: String, fingerprint: Fingerprint, inputs: [String: String], digest: String,
    duration: Duration, standsOn: Set<StoreAddress> = [], builtAt: Int64? = nil
  ) {
    self.kind = kind
    self.name = name
    self.fingerprint = fingerprint
    self.inputs = inputs
    self.digest = digest
    self.duration = duration
    self.standsOn = standsOn
    self.builtAt = builtAt
  }
}
