package import Network

/// What a packet carries, as far as it is told apart.
package enum Traffic: Int, Hashable, Sendable, CaseIterable, Comparable {
  case tcp, udp
  /// Echo requests.
  case ping
  /// Protocols without ports.
  case other

  package var hasPorts: Bool { self == .tcp || self == .udp }

  package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// Which connections pass: the ports of each kind of traffic, by family. Traffic without ports has all of them or none.
package struct Access: Hashable, Sendable {
  private var ports: [PortSet]

  package static let none = Access()
  package static let all = Access(IPAddress.Family.allCases)

  package init() { ports = Array(repeating: .none, count: 2 * Traffic.allCases.count) }

  /// Everything of these families.
  package init(_ families: [IPAddress.Family]) {
    self.init()
    for family in families { for traffic in Traffic.allCases { self[family, traffic] = .all } }
  }

  package subscript(family: IPAddress.Family, traffic: Traffic) -> PortSet {
    get { ports[traffic.rawValue * 2 + (family == .v4 ? 0 : 1)] }
    set { ports[traffic.rawValue * 2 + (family == .v4 ? 0 : 1)] = newValue }
  }

  package var isEmpty: Bool { ports.allSatisfy(\.isEmpty) }

  package mutating func formUnion(_ other: Access) {
    for index in ports.indices { ports[index].formUnion(other.ports[index]) }
  }

  package func subtracting(_ other: Access) -> Access {
    var result = self
    for index in ports.indices { result.ports[index] = ports[index].subtracting(other.ports[index]) }
    return result
  }

  package func intersection(_ other: Access) -> Access {
    var result = self
    for index in ports.indices { result.ports[index] = ports[index].intersection(other.ports[index]) }
    return result
  }
}
