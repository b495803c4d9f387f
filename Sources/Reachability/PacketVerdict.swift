package import Network

/// What becomes of a packet.
package enum PacketVerdict: Hashable, Sendable {
  case passes(Arrival)
  case blocked(Obstacle)
  /// What the evaluator does not know decides: it does not guess.
  case undecided(Doubt)

  package var passes: Bool {
    switch self {
    case .passes: true
    case .blocked, .undecided: false
    }
  }
}

/// Who gets the packet, and as what.
package struct Arrival: Hashable, Sendable {
  package var party: Party
  /// After translation.
  package var destination: IPAddress
  /// After translation; nil for a protocol without ports.
  package var port: UInt16?
  /// It came to the host and was sent on to where it went by a rule.
  package var isTranslated: Bool
}

/// Somebody who sends or gets packets.
package enum Party: Hashable, Sendable {
  /// A VM, by its name.
  case machine(String)
  case host
  /// Whoever is beyond the links of ours.
  case world
}

/// What keeps a packet back.
package enum Obstacle: Hashable, Sendable {
  case rule(RulePlace)
  /// The end of a base chain that drops what it does not accept.
  case policy(TableIdentity, chain: String)
  /// Both taps are isolated ports of one bridge.
  case isolatedPorts(LinkName, LinkName)
  /// A bridge sends nothing back to the port that it came from.
  case samePort(LinkName)
  /// A tap that is down, or no port of a bridge.
  case unplugged(LinkName)
  case forwardingIsOff(IPAddress.Family)
  /// It comes from the host's loopback address, and the link that it would leave by does not route that.
  case loopbackStays
  /// Nobody has the address.
  case nobody(IPAddress)
  /// The VM has no route there.
  case noRoute(String)
}

/// Why no verdict was reached.
package enum Doubt: Hashable, Sendable {
  /// An expression that the evaluator does not know, or that asks for what it does not know.
  case expression(RulePlace, Expression)
  /// A member of a set that runs out or has expressions of its own.
  case element(RulePlace, set: String)
  /// A chain or set that does not exist.
  case missing(RulePlace, name: String)
  /// Rules lead from chain to chain more often than the kernel goes along.
  case depth(RulePlace)
  /// br_netfilter makes the difference.
  case bridgeFilter
}

/// A rule, by where it stands.
package struct RulePlace: Hashable, Sendable {
  package var table: TableIdentity
  package var chain: String
  /// Counted from 1.
  package var rule: Int
  /// nil when there is none.
  package var comment: String?

  package init(table: TableIdentity, chain: String, rule: Int, comment: String?) {
    self.table = table
    self.chain = chain
    self.rule = rule
    self.comment = comment
  }
}
