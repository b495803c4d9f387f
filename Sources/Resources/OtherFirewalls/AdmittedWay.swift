import Network

/// Something that a constellation admits, as others' base chains see it: from link to link, past one hook.
struct AdmittedWay: Hashable {
  var hook: Chain.Hook
  /// A bridge of ours; nil: a link that is none of ours, or the host itself.
  var from: LinkName?
  /// A bridge of ours; nil: a link that is none of ours, or the host itself.
  var to: LinkName?
  var family: IPAddress.Family
  /// Both ends by the manifest's names.
  var ends: WayEnds
}

extension AdmittedWay {
  /// All that a policy admits from or to the bridges of ours. Pings of the host and what stays on a bridge are no part of
  /// it.
  static func all(of policy: FilterPolicy) -> Set<AdmittedWay> {
    var ways: Set<AdmittedWay> = []
    let bridges = policy.bridges.filter(\.isOurs)
    let byName = Dictionary(bridges.map { ($0.name, $0) }) { first, _ in first }
    func add(_ hook: Chain.Hook, _ from: FilterPolicy.Bridge?, _ to: FilterPolicy.Bridge?) {
      let outside = hook == .forward ? "world" : "host"
      let families = [from, to].compactMap { $0.map { Set($0.addresses.map(\.address.family)) } }
      for family in IPAddress.Family.allCases where families.allSatisfy({ $0.contains(family) }) {
        ways.insert(
          AdmittedWay(
            hook: hook, from: from?.link, to: to?.link, family: family,
            ends: WayEnds(from: from?.name ?? outside, to: to?.name ?? outside)))
      }
    }
    for bridge in bridges {
      add(.output, nil, bridge)
      if bridge.policy == .open || !bridge.allowedPorts.isEmpty || bridge.servesNames { add(.input, bridge, nil) }
      if bridge.policy.goesOutside || !bridge.allowedIPs.isEmpty { add(.forward, bridge, nil) }
      if bridge.policy == .open {
        add(.forward, nil, bridge)
        for other in bridges where other.policy == .open && other.link != bridge.link { add(.forward, bridge, other) }
      }
    }
    for forward in policy.forwards {
      for tap in policy.taps where !Set(tap.addresses).isDisjoint(with: forward.targets) {
        if let bridge = byName[tap.bridge] { add(.forward, nil, bridge) }
      }
    }
    for flow in policy.flows {
      let (sources, targets) = (bridgeNames(of: flow.from, policy), bridgeNames(of: flow.to, policy))
      for source in sources {
        for target in targets {
          let (from, to) = (byName[source ?? ""], byName[target ?? ""])
          if from == nil && to == nil { continue }
          // A bridge that keeps its VMs apart sends by the host what a flow admits.
          if let from, from.link == to?.link, from.hasOpenPeers { continue }
          if flow.to == .host { add(.input, from, nil) } else if flow.from != .host { add(.forward, from, to) }
        }
      }
    }
    return ways
  }

  /// The bridges that a side of a flow is on; nil stands for what is on none.
  private static func bridgeNames(of end: FilterPolicy.End, _ policy: FilterPolicy) -> Set<String?> {
    switch end {
    case .world, .host: [nil]
    case .bridge(let name): [name]
    case .machine(let name): Set(policy.taps.filter { $0.vm == name }.map(\.bridge))
    case .prefix(let prefix): bridgeNames(around: prefix, policy)
    }
  }

  private static func bridgeNames(around prefix: IPPrefix, _ policy: FilterPolicy) -> Set<String?> {
    let near = policy.bridges.filter { $0.addresses.contains { $0.prefix.overlaps(prefix) } }.map { $0.name as String? }
    return near.isEmpty ? [nil] : Set(near)
  }
}
