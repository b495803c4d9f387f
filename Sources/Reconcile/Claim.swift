package import Network

/// What only one thing on the host may hold.
package enum Claim: Hashable, Sendable {
  case link(LinkName)
  case subnet(IPPrefix)
  /// A port of the host; nil claims it on every address.
  case port(PortRange, address: IPAddress?)
  /// An nftables table.
  case table(TableIdentity)
  /// A file or folder, absolute.
  case path(String)

  /// Whether both cannot be held at once.
  package func conflicts(with other: Claim) -> Bool {
    switch (self, other) {
    case (.subnet(let a), .subnet(let b)): a.overlaps(b)
    case (.port(let a, let here), .port(let b, let there)):
      a.transport == b.transport && a.ports.overlaps(b.ports) && (here == nil || there == nil || here == there)
    default: self == other
    }
  }
}

/// A claim that something holds which is not ours.
package struct ForeignClaim: Hashable, Sendable {
  package var claim: Claim
  /// What holds it, as a person would name it: "bridge docker0", "route 10.0.0.0/8 by eth0".
  package var holder: String

  package init(_ claim: Claim, holder: String) {
    self.claim = claim
    self.holder = holder
  }
}
