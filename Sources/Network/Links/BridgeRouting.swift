/// What the host does for a bridge besides what it does for every interface.
package struct BridgeRouting: Hashable, Sendable {
  /// It answers for one VM when another one asks for it, and so routes between isolated ports.
  package var answersForOthers: Switch
  /// The IPv6 addresses that it answers for, sorted; of IPv4 it answers for all.
  package var answeredAddresses: [IPAddress]
  /// Packets of 127.0.0.0/8 may leave by it (`route_localnet`).
  package var routesLoopback: Bool

  package enum Switch: String, Hashable, Sendable {
    case on, off
    /// Some of the settings are on; only seen, never wanted.
    case partly
  }

  package init(answersForOthers: Switch = .off, answeredAddresses: [IPAddress] = [], routesLoopback: Bool = false) {
    self.answersForOthers = answersForOthers
    self.answeredAddresses = answeredAddresses
    self.routesLoopback = routesLoopback
  }
}
