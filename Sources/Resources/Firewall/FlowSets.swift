import Network

/// The sets of the inet table that hold the flows: what is exact apart from ranges, and pairs of addresses apart from
/// what has ports.
struct FlowSets {
  private let policy: FilterPolicy

  init(_ policy: FilterPolicy) { self.policy = policy }

  var all: [SetDefinition] { IPAddress.Family.allCases.flatMap(sets) }

  private func sets(_ family: IPAddress.Family) -> [SetDefinition] {
    let members = FlowMembers(policy, family)
    let names = FlowSetName(family)
    let service: [FieldType] = [.transport, .port]
    var exact: [Box] = []
    var any: [Box] = []
    var ping: [Box] = []
    var ranged: [Box] = []
    for box in members.pairs {
      let addresses = Box(sides: Array(box.sides.prefix(2)), comment: box.comment)
      if box.isExact {
        exact.append(box)
      } else if addresses.isExact, box.sides[3] == FlowMembers.everyPort, box.sides[2] == FlowMembers.everyProtocol {
        any.append(addresses)
      } else if addresses.isExact, box.sides[3] == FlowMembers.everyPort, box.sides[2] == FlowMembers.ping(family) {
        ping.append(addresses)
      } else {
        ranged.append(box)
      }
    }
    let address: FieldType = family == .v4 ? .ipv4 : .ipv6
    return [
      ownSubnets(names.own, address, family),
      SetDefinition(names.flow, [address, address] + service, exact: exact),
      SetDefinition(names.any, [address, address], exact: any),
      SetDefinition(names.ping, [address, address], exact: ping),
      SetDefinition(names.range, [address, address] + service, ranged: ranged),
    ] + pair(names.host, [address] + service, members.toHost)
      + pair(names.toWorld, [address] + service, members.toWorld)
      + pair(names.fromWorld, [address] + service, members.fromWorld)
  }

  private func pair(_ names: FlowSetName.Pair, _ key: [FieldType], _ boxes: [Box]) -> [SetDefinition] {
    [
      SetDefinition(names.exact, key, exact: boxes.filter(\.isExact)),
      SetDefinition(names.range, key, ranged: boxes.filter { !$0.isExact }),
    ]
  }

  private func ownSubnets(_ name: String, _ type: FieldType, _ family: IPAddress.Family) -> SetDefinition {
    var comments: [IPPrefix: String] = [:]
    for bridge in policy.bridges where bridge.isOurs {
      for address in bridge.addresses where address.address.family == family {
        comments[address.prefix] = "bridges.\(bridge.name).\(family == .v4 ? "subnet" : "subnet6")"
      }
    }
    return SetDefinition(
      name, [type], isInterval: true,
      elements: Set(
        withoutCovered(Array(comments.keys)).map {
          SetElement(from: [.address($0.address)], through: [.address($0.last)], comment: comments[$0])
        }))
  }
}

extension SetDefinition {
  /// A set without ranges. The first of two that are the same counts.
  init(_ name: String, _ key: [FieldType], exact boxes: [Box]) {
    let elements = Dictionary(
      boxes.map { box in
        let element = SetElement(
          key: SetElement.key(zip(key, box.sides).map { $0.field($1.lowerBound) }), comment: box.comment)
        return (element.key, element)
      }, uniquingKeysWith: { first, _ in first })
    self.init(name, key, elements: Set(elements.values))
  }

  /// A set of ranges.
  init(_ name: String, _ key: [FieldType], ranged boxes: [Box]) {
    let elements = Box.disjoint(boxes).map { box in
      SetElement(
        from: zip(key, box.sides).map { $0.field($1.lowerBound) },
        through: zip(key, box.sides).map { $0.field($1.upperBound) }, comment: box.comment)
    }
    self.init(name, key, isInterval: true, elements: Set(elements))
  }
}

extension FieldType {
  /// The field with this number; of addresses, protocols, ports and marks.
  fileprivate func field(_ number: UInt128) -> Field {
    switch self {
    case .ipv4: .address(IPAddress(.v4, value: number))
    case .ipv6, .neighborTarget: .address(IPAddress(.v6, value: number))
    case .mac: .mac(MACAddress(value: UInt64(truncatingIfNeeded: number)))
    case .transport, .icmpType, .icmp6Type: .byte(UInt8(truncatingIfNeeded: number))
    case .port: .port(UInt16(truncatingIfNeeded: number))
    case .mark, .conntrackState, .link: .number(UInt32(truncatingIfNeeded: number))
    }
  }
}
