package import Network

/// An entry of the store with what it takes and who needs it.
package struct StoreItem: Hashable, Sendable {
  package var entry: StoreEntry
  /// What its files take on the disk.
  package var size: ByteCount
  /// Who needs the entry itself; what stands on it is not among them.
  package var users: Set<User>

  package enum User: Hashable, Sendable {
    /// A disk of this constellation stands on it.
    case disk(constellation: String, name: String)
    /// A machine that runs was started with it.
    case machine(constellation: String, name: String)
    /// An apply or a build under way needs it.
    case work
    /// The manifest of this constellation wants it, or may: it was not found, and machines may boot it.
    case manifest(constellation: String)

    /// nil for work, which may be of any.
    package var constellation: String? {
      switch self {
      case .disk(let constellation, _), .machine(let constellation, _), .manifest(let constellation): constellation
      case .work: nil
      }
    }
  }

  package init(entry: StoreEntry, size: ByteCount, users: Set<User> = []) {
    self.entry = entry
    self.size = size
    self.users = users
  }

  /// In seconds since 1970.
  package var builtAt: Int64 { entry.builtAt ?? 0 }
  package var address: StoreAddress { StoreAddress(entry.kind, entry.name) }
}
