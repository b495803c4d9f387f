package import Network

/// An entry of the store with what it takes and who needs it.
package struct StoreItem: Hashable, Sendable {
  package var entry: StoreEntry
  /// What its files take on the disk.
  package var size: ByteCount
  /// In seconds since 1970.
  package var builtAt: Int64
  /// Who needs the entry itself; what stands on it is not among them.
  package var users: Set<User>

  package enum User: Hashable, Sendable {
    /// A disk of this constellation stands on it.
    case disk(constellation: String, name: String)
    /// A machine that runs was started with it.
    case machine(constellation: String, name: String)
    /// An apply or a build under way needs it.
    case work
    /// The manifest of this constellation wants it.
    case manifest(constellation: String)

    /// nil for work, which may be of any.
    package var constellation: String? {
      switch self {
      case .disk(let constellation, _), .machine(let constellation, _), .manifest(let constellation): constellation
      case .work: nil
      }
    }
  }

  package init(entry: StoreEntry, size: ByteCount, builtAt: Int64, users: Set<User> = []) {
    self.entry = entry
    self.size = size
    self.builtAt = builtAt
    self.users = users
  }

  package var address: StoreAddress { StoreAddress(entry.kind, entry.name) }
}

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
