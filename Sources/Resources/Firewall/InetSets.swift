import Network

/// The sets of the inet table with their members.
struct InetSets {
  private let policy: FilterPolicy
  private let bridges: [FilterPolicy.Bridge]

  init(_ policy: FilterPolicy) {
    self.policy = policy
    bridges = policy.bridges.filter(\.isOurs)
  }

  var all: [SetDefinition] {
    [
      links(InetSetName.egress) { $0.policy.goesOutside },
      links(InetSetName.translated) { $0.policy.isTranslated },
      links(InetSetName.inbound) { $0.policy == .open },
      links(InetSetName.host) { $0.policy == .open },
      links(InetSetName.ping, by: "allow_icmp") { $0.allowsICMP && !$0.hidesHostFromPing },
      pairs,
      SetDefinition(InetSetName.hostPorts, [.link, .transport, .port], elements: ports(areSingle: true)),
      SetDefinition(
        InetSetName.hostPortRanges, [.link, .transport, .port], isInterval: true, elements: ports(areSingle: false)),
      destinations(InetSetName.allowed4, .v4, areSingle: true),
      destinations(InetSetName.allowed4Ranges, .v4, areSingle: false),
      destinations(InetSetName.allowed6, .v6, areSingle: true),
      destinations(InetSetName.allowed6Ranges, .v6, areSingle: false),
      // Router and neighbour solicitation, neighbour advertisement, multicast listener reports and done.
      SetDefinition(
        InetSetName.neighborTypes, [.icmp6Type],
        elements: Set([133, 135, 136, 131, 132, 143].map { SetElement(.byte($0)) })),
      SetDefinition(InetSetName.ending, [.mark]),
    ] + FlowSets(policy).all + ForwardSets(policy).all
  }

  private func links(
    _ name: String, by key: String = "policy_type", of isMember: (FilterPolicy.Bridge) -> Bool
  ) -> SetDefinition {
    SetDefinition(
      name, [.link],
      elements: Set(
        bridges.filter(isMember).map { SetElement(.link($0.link), comment: "bridges.\($0.name).\(key)") }))
  }

  /// A bridge with itself where its VMs may reach each other; open bridges with one another.
  private var pairs: SetDefinition {
    var elements: Set<SetElement> = []
    for from in bridges {
      for to in bridges {
        let isSame = from.link == to.link
        if isSame ? from.hasOpenPeers : from.policy == .open && to.policy == .open {
          let comment = "bridges.\(from.name).\(isSame ? "peers" : "policy_type")"
          elements.insert(SetElement(.link(from.link), .link(to.link), comment: comment))
        }
      }
    }
    return SetDefinition(InetSetName.pairs, [.link, .link], elements: elements)
  }

  private func ports(areSingle: Bool) -> Set<SetElement> {
    var elements: Set<SetElement> = []
    for bridge in bridges {
      let comment = "bridges.\(bridge.name).allowed_ports"
      for transport in TransportProtocol.allCases {
        let ranges = disjointRanges(of: bridge.allowedPorts.filter { $0.transport == transport }.map(\.ports))
        if areSingle, bridge.servesNames, !ranges.contains(where: { $0.contains(53) }) {
          let fields = [Field.link(bridge.link), .byte(transport.number), .port(53)]
          elements.insert(SetElement(fields[0], fields[1], fields[2], comment: "bridges.\(bridge.name).dns"))
        }
        for ports in ranges where (ports.count == 1) == areSingle {
          let first = [Field.link(bridge.link), .byte(transport.number), .port(ports.lowerBound)]
          let last = [Field.link(bridge.link), .byte(transport.number), .port(ports.upperBound)]
          elements.insert(
            areSingle
              ? SetElement(first[0], first[1], first[2], comment: comment)
              : SetElement(from: first, through: last, comment: comment))
        }
      }
    }
    return elements
  }

  private func destinations(_ name: String, _ family: IPAddress.Family, areSingle: Bool) -> SetDefinition {
    var elements: Set<SetElement> = []
    for bridge in bridges {
      let prefixes = withoutCovered(bridge.allowedIPs.filter { $0.family == family })
      for prefix in prefixes where (prefix.length == family.bits) == areSingle {
        let comment = "bridges.\(bridge.name).allowed_ips"
        elements.insert(
          areSingle
            ? SetElement(.link(bridge.link), .address(prefix.address), comment: comment)
            : SetElement(
              from: [.link(bridge.link), .address(prefix.address)],
              through: [.link(bridge.link), .address(prefix.last)],
              comment: comment))
      }
    }
    return SetDefinition(name, [.link, family == .v4 ? .ipv4 : .ipv6], isInterval: !areSingle, elements: elements)
  }
}
