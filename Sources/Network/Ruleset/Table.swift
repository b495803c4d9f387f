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
  /// The comment in the user data; nil when there is none.
  package var comment: String?

  package init(identity: TableIdentity, comment: String?) {
    self.identity = identity
    self.comment = comment
  }
}

/// A table with all that is in it.
package struct Table: Hashable, Sendable {
  package var header: TableHeader

  package init(header: TableHeader) { self.header = header }
}
