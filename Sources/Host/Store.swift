/// The store of built things. It belongs to no constellation.
package protocol Store: Sendable {
  /// Every finished entry.
  func entries() async throws(HostError) -> [StoreEntry]
  /// Makes the entry exist: built beside its place and renamed in last, once per fingerprint however many ask.
  /// An entry that is there is left as it is, unless `rebuild`.
  func build(_ recipe: Recipe, rebuild: Bool, progress: Progress) async throws(HostError)
  /// Every finished entry, with what it takes and who needs it.
  func items() async throws(HostError) -> [StoreItem]
  /// Removes entries, but those that somebody needs by now; returns what was removed.
  func remove(_ entries: [StoreAddress]) async throws(HostError) -> [StoreAddress]
  /// What is installed in an image, in the order of the names; nil where that is not known.
  func packages(of image: String) async throws(HostError) -> [InstalledPackage]?
}
