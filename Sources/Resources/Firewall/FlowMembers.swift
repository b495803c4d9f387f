import Network

/// What the flows of a policy admit of one family, as boxes.
struct FlowMembers {
  /// Source, destination, protocol, port: what is routed between addresses.
  private(set) var pairs: [Box] = []
  /// Source, protocol, port: to the host.
  private(set) var toHost: [Box] = []
  /// Source, protocol, port: to what is not ours.
  private(set) var toWorld: [Box] = []
  /// Destination, protocol, port: from what is not ours.
  private(set) var fromWorld: [Box] = []
  /// Source, destination: who may ping whom although its bridge says that its VMs may not.
  private(set) var pings: [Box] = []

  private let family: IPAddress.Family
  private let parties: FlowParties

  static let everyProtocol: ClosedRange<UInt128> = 0...255
  static let everyPort: ClosedRange<UInt128> = 0...65535

  /// ICMP or ICMPv6. Of what begins a connection conntrack knows only requests, so nothing else passes.
  static func ping(_ family: IPAddress.Family) -> ClosedRange<UInt128> { family == .v4 ? 1...1 : 58...58 }

  init(_ policy: FilterPolicy, _ family: IPAddress.Family) {
    self.family = family
    parties = FlowParties(policy, family)
    for flow in policy.flows { add(flow) }
  }

  private mutating func add(_ flow: FilterPolicy.Flow) {
    let sources = parties.of(flow.from)
    let destinations = parties.of(flow.to)
    if flow.from == .world {
      for service in services(of: flow, withPing: false) {
        fromWorld += destinations.map { box(flow, [$0.range] + service) }
      }
    }
    for source in sources {
      for service in services(of: flow, withPing: source.mayPing) {
        switch flow.to {
        case .host: toHost.append(box(flow, [source.range] + service))
        case .world: toWorld.append(box(flow, [source.range] + service))
        case .bridge, .machine, .prefix:
          pairs += destinations.map { box(flow, [source.range, $0.range] + service) }
        }
      }
      guard flow.ports.isEmpty, !source.mayPing else { continue }
      let targets =
        switch flow.to {
        case .world: parties.outside(withHost: false)
        case .host: parties.outside(withHost: true)
        case .bridge, .machine, .prefix: destinations.map(\.range)
        }
      pings += targets.map { box(flow, [source.range, $0]) }
    }
  }

  private func box(_ flow: FilterPolicy.Flow, _ sides: [ClosedRange<UInt128>]) -> Box {
    Box(sides: sides, comment: flow.name)
  }

  /// Protocol and port of each thing that may be asked for. Who may ping at all may ping whom it may reach.
  private func services(of flow: FilterPolicy.Flow, withPing mayPing: Bool) -> [[ClosedRange<UInt128>]] {
    guard !flow.ports.isEmpty else { return [[Self.everyProtocol, Self.everyPort]] }
    let ports = TransportProtocol.allCases.flatMap { transport in
      let number = UInt128(transport.number)
      return disjointRanges(of: flow.ports.filter { $0.transport == transport }.map(\.ports)).map {
        [number...number, UInt128($0.lowerBound)...UInt128($0.upperBound)]
      }
    }
    return mayPing ? ports + [[Self.ping(family), Self.everyPort]] : ports
  }
}
