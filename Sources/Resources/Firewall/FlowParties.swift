import Network

/// The addresses of one family that the sides of flows stand for.
struct FlowParties {
  struct Party {
    var range: ClosedRange<UInt128>
    /// Its bridge lets it ping whatever it may reach.
    var mayPing: Bool
  }

  private var machines: [String: [Party]] = [:]
  private var bridges: [String: [Party]] = [:]
  private let subnets: [IPPrefix]
  private let hostAddresses: [IPAddress]
  private let family: IPAddress.Family

  init(_ policy: FilterPolicy, _ family: IPAddress.Family) {
    self.family = family
    let own = policy.bridges.filter(\.isOurs).flatMap(\.addresses).filter { $0.address.family == family }
    subnets = own.map(\.prefix)
    hostAddresses = own.map(\.address)
    let pinging = Set(policy.bridges.filter(\.allowsICMP).map(\.name))
    for bridge in policy.bridges where bridge.isOurs {
      bridges[bridge.name] = bridge.addresses.map(\.prefix).filter { $0.family == family }.map {
        Party(range: $0.range, mayPing: bridge.allowsICMP)
      }
    }
    let ours = Set(policy.bridges.filter(\.isOurs).map(\.name))
    for tap in policy.taps {
      let parties = tap.addresses.filter { $0.family == family }.map {
        Party(range: $0.range, mayPing: pinging.contains(tap.bridge))
      }
      machines[tap.vm, default: []] += parties
      // Of a bridge that is not ours only the VMs are known.
      if !ours.contains(tap.bridge) { bridges[tap.bridge, default: []] += parties }
    }
  }

  /// None for the host and the world, which are not told by addresses.
  func of(_ end: FilterPolicy.End) -> [Party] {
    switch end {
    case .world, .host: []
    case .machine(let name): machines[name] ?? []
    case .bridge(let name): bridges[name] ?? []
    case .prefix(let prefix): prefix.family == family ? [Party(range: prefix.range, mayPing: false)] : []
    }
  }

  /// Everything but our subnets; with the host also its addresses in them.
  func outside(withHost: Bool) -> [ClosedRange<UInt128>] {
    ranges(outside: subnets, family) + (withHost ? hostAddresses.map(\.range) : [])
  }
}
