import Network

/// The rules that lead ports of the host to VMs, of one family.
struct ForwardRules {
  private let family: IPAddress.Family
  private let names: ForwardSetName
  private let isFamily: Statement
  private let destination: Statement.Part

  init(_ family: IPAddress.Family) {
    self.family = family
    names = ForwardSetName(family)
    isFamily = family == .v4 ? .isIPv4 : .isIPv6
    destination = family == .v4 ? .ipv4Destination : .ipv6Destination
  }

  /// What comes in for the host. What is meant for loopback comes from the host alone: a bridge that routes loopback
  /// would take it from VMs too.
  var incoming: [Rule] {
    translations(family == .v4 ? .header(.network, at: 16, [127], is: .notEqual) : Statement([]))
  }

  /// What the host itself asks of its own addresses.
  var own: [Rule] { translations(Statement([])) }

  private func translations(_ condition: Statement) -> [Rule] {
    // RTN_LOCAL.
    let isLocal = Statement(.destinationType(.first), .compare(.first, .equal, UInt32(2).nativeBytes))
    return [
      Rule(isLocal, isFamily, condition, translation(names.somewhere, destination, .transport, .destinationPort)),
      Rule(isLocal, isFamily, condition, translation(names.anywhere, .transport, .destinationPort)),
    ]
  }

  private func translation(_ map: String, _ parts: Statement.Part...) -> Statement {
    Statement(
      Statement.loads(parts) + [
        .map(.first, set: map, into: .first),
        .translate(
          Translation(
            isDestination: true, isIPv6: family == .v6, address: .first, port: Register(family == .v4 ? 1 : 4))),
      ])
  }

  /// Whoever may ask the host from outside, or could ask it by way of there.
  func accepted(isFromOthers: Statement) -> [Rule] {
    [isFromOthers, .link(.from, in: InetSetName.egress)].map { origin in
      Rule(
        origin, .isForwarded, isFamily, .fields(destination, .transport, .destinationPort, in: names.target), .accept)
    }
  }
}

extension Statement {
  /// IPS_DST_NAT: the connection was led somewhere else.
  static let isForwarded = Statement(
    .conntrack(.status, .first), .mask(.first, to: .first, mask: UInt32(0x20).nativeBytes, xor: [0, 0, 0, 0]),
    .compare(.first, .notEqual, [0, 0, 0, 0]))
}
