/// The address family of an nftables table.
package enum TableFamily: String, Hashable, Sendable, Comparable {
  case inet, ip, ip6, bridge, arp, netdev

  package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// What names a table: its family and its name.
package struct TableIdentity: Hashable, Sendable, Comparable, CustomStringConvertible {
  package var family: TableFamily
  package var name: String

  package init(_ family: TableFamily, _ name: String) {
    self.family = family
    self.name = name
  }

  package var description: String { "\(family.rawValue) \(name)" }

  package static func < (a: Self, b: Self) -> Bool { (a.family, a.name) < (b.family, b.name) }
}

/// A table without its content.
package struct TableHeader: Hashable, Sendable {
  package var identity: TableIdentity
  /// The comment in the user data; nil when there is none. The kernel keeps that of the creation for ever.
  package var comment: String?
  /// The flag `dormant`: its chains see no packets.
  package var isDormant: Bool
  /// A process holds it and is the only one that can change it.
  package var isOwned: Bool

  package init(identity: TableIdentity, comment: String?, isDormant: Bool = false, isOwned: Bool = false) {
    self.identity = identity
    self.comment = comment
    self.isDormant = isDormant
    self.isOwned = isOwned
  }
}

/// A table with all that is in it. Two that are equal filter the same; counters are no part of it.
package struct Table: Hashable, Sendable {
  package var header: TableHeader
  /// By name.
  package var chains: [String: Chain]
  /// By name; maps too.
  package var sets: [String: SetDefinition]
  /// What only others put into a table; empty in every table of ours.
  package var others: Set<OtherObject>

  package init(
    header: TableHeader, chains: [Chain] = [], sets: [SetDefinition] = [], others: Set<OtherObject> = []
  ) {
    self.header = header
    self.chains = Dictionary(chains.map { ($0.name, $0) }) { _, last in last }
    self.sets = Dictionary(sets.map { ($0.name, $0) }) { _, last in last }
    self.others = others
  }

  package var identity: TableIdentity { header.identity }
}

/// An object of a table that is neither chain nor set: a named counter, quota or limit, a flowtable.
package struct OtherObject: Hashable, Sendable, Comparable {
  package var kind: Kind
  package var name: String

  package enum Kind: Hashable, Sendable {
    case flowtable
    /// NFTA_OBJ_TYPE
    case stateful(UInt32)
  }

  package init(_ kind: Kind, _ name: String) {
    self.kind = kind
    self.name = name
  }

  package static func < (a: Self, b: Self) -> Bool { a.name < b.name }
}
