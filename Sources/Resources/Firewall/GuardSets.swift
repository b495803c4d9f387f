import Network

/// The sets of the bridge table with their members.
struct GuardSets {
  private let policy: FilterPolicy

  init(_ policy: FilterPolicy) { self.policy = policy }

  var all: [SetDefinition] {
    let pinging = Set(policy.bridges.filter(\.allowsICMP).map(\.name))
    let apart = Set(policy.bridges.filter { $0.isOurs && !$0.hasOpenPeers }.map(\.name))
    return [
      SetDefinition(
        GuardSetName.apart, [.link],
        elements: Set(
          policy.taps.filter { apart.contains($0.bridge) }.map {
            SetElement(.link($0.link), comment: "bridges.\($0.bridge).peers")
          })),
      SetDefinition(
        GuardSetName.taps, [.link], elements: Set(policy.taps.map { SetElement(.link($0.link), comment: $0.origin) })),
      SetDefinition(
        GuardSetName.ping, [.link],
        elements: Set(
          policy.taps.filter { pinging.contains($0.bridge) }.map {
            SetElement(.link($0.link), comment: "bridges.\($0.bridge).allow_icmp")
          })),
      SetDefinition(
        GuardSetName.mac, [.link, .mac],
        elements: Set(policy.taps.map { SetElement(.link($0.link), .mac($0.mac), comment: $0.origin) })),
      addresses(GuardSetName.source4, .ipv4, .v4),
      addresses(GuardSetName.source6, .ipv6, .v6),
      addresses(GuardSetName.neighbor, .neighborTarget, .v6),
      ranges(GuardSetName.source4Ranges, .ipv4, .v4),
      ranges(GuardSetName.source6Ranges, .ipv6, .v6),
      // Echo, timestamp, information and mask requests; for IPv6 echo and node information.
      SetDefinition(
        GuardSetName.requests4, [.icmpType], elements: Set([8, 13, 15, 17].map { SetElement(.byte($0)) })),
      SetDefinition(GuardSetName.requests6, [.icmp6Type], elements: Set([128, 139].map { SetElement(.byte($0)) })),
      // Router advertisement and redirect.
      SetDefinition(GuardSetName.routerTypes, [.icmp6Type], elements: Set([134, 137].map { SetElement(.byte($0)) })),
      // What is sent before there is an address: neighbour and router solicitation, multicast listener reports.
      SetDefinition(
        GuardSetName.unspecifiedTypes, [.icmp6Type],
        elements: Set([131, 133, 135, 143].map { SetElement(.byte($0)) })),
    ] + IPAddress.Family.allCases.flatMap(exemptPings)
  }

  /// Who may ping whom although the bridge does not let its VMs ping.
  private func exemptPings(_ family: IPAddress.Family) -> [SetDefinition] {
    let names = FlowSetName(family).exemptPing
    let key: [FieldType] = family == .v4 ? [.ipv4, .ipv4] : [.ipv6, .ipv6]
    let boxes = FlowMembers(policy, family).pings
    return [
      SetDefinition(names.exact, key, exact: boxes.filter(\.isExact)),
      SetDefinition(names.range, key, ranged: boxes.filter { !$0.isExact }),
    ]
  }

  private func addresses(_ name: String, _ type: FieldType, _ family: IPAddress.Family) -> SetDefinition {
    var elements: Set<SetElement> = []
    for tap in policy.taps {
      for address in tap.addresses where address.family == family {
        elements.insert(SetElement(.link(tap.link), .mac(tap.mac), .address(address), comment: tap.origin))
      }
    }
    return SetDefinition(name, [.link, .mac, type], elements: elements)
  }

  private func ranges(_ name: String, _ type: FieldType, _ family: IPAddress.Family) -> SetDefinition {
    var elements: Set<SetElement> = []
    for tap in policy.taps {
      for prefix in withoutCovered(tap.allowedSources.filter { $0.family == family }) {
        let sender = [Field.link(tap.link), .mac(tap.mac)]
        elements.insert(
          SetElement(
            from: sender + [.address(prefix.address)], through: sender + [.address(prefix.last)], comment: tap.origin))
      }
    }
    return SetDefinition(name, [.link, .mac, type], isInterval: true, elements: elements)
  }
}

extension FilterPolicy.Tap {
  private static let origins = "virtual_machines."

  /// Where the manifest asks for it: what members of sets say of themselves.
  fileprivate var origin: String { "\(Self.origins)\(vm)" }

  /// The VM that a member of a set was made for; nil where it does not say.
  static func machine(of element: SetElement) -> String? {
    guard let origin = element.comment, origin.hasPrefix(origins) else { return nil }
    return String(origin.dropFirst(origins.count))
  }
}
