import Network

/// One packet on its whole way, with br_netfilter on or off.
struct Journey {
  let program: FilterProgram
  let topology: Topology
  /// br_netfilter sends what stays on a bridge through the tables of packets too.
  let hasBridgeFilter: Bool
  /// The destination is an address of the host, whichever it is.
  let isForHost: Bool
  var passage: Passage
  /// How many VMs have sent it on.
  private var hops = 0

  init(_ program: FilterProgram, _ topology: Topology, _ passage: Passage, hasBridgeFilter: Bool, isForHost: Bool) {
    self.program = program
    self.topology = topology
    self.passage = passage
    self.hasBridgeFilter = hasBridgeFilter
    self.isForHost = isForHost
  }

  private static let mostHops = 4

  private func isLocal(_ passage: Passage) -> Bool {
    isForHost && !passage.hasNewDestination || topology.isHost(passage.destination)
  }

  private mutating func ask(
    _ layer: FilterProgram.Layer, _ hook: Chain.Hook, from: HookLink, to: HookLink, ownAddress: IPAddress? = nil
  ) -> PacketVerdict? {
    let run = HookRun(
      program: program, layer: layer, hook: hook, from: from, to: to, ownAddress: ownAddress,
      topology: topology, isForHost: isForHost)
    return run.run(&passage)
  }

  private func arrival(_ party: Party) -> PacketVerdict {
    .passes(
      Arrival(
        party: party, destination: passage.destination, port: passage.destinationPort,
        isTranslated: passage.hasNewDestination))
  }

  /// By the interface, to the neighbour that has the address `next`.
  mutating func leave(_ port: Topology.Port, to next: IPAddress, sourceMAC: MACAddress? = nil) -> PacketVerdict {
    let interface = topology.interface(port)
    guard let (tap, bridge) = topology.plug(of: port) else { return .blocked(.unplugged(interface.tap)) }
    let neighbor = topology.neighbor(next, on: bridge.link)
    let isForBridge = isForHost && hops == 0 && next == passage.destination
    let isHost = isForBridge || topology.isHost(next) && (next == .hostLinkLocal || bridge.has(next))
    let receiver = neighbor.map { topology.interface($0).mac }
    passage.setLinkHeader(from: sourceMAC ?? interface.mac, to: isHost ? nil : receiver)
    if let verdict = ask(.frames, .prerouting, from: tap.hookLink, to: .none) { return verdict }
    if isHost { return enterHost(from: bridge, by: tap) }
    guard let neighbor else { return .blocked(.nobody(next)) }
    return cross(bridge, from: tap, to: neighbor, at: next)
  }

  /// From port to port of one bridge.
  private mutating func cross(
    _ bridge: CompiledNetwork.Bridge, from tap: CompiledNetwork.Tap, to port: Topology.Port,
    at next: IPAddress
  ) -> PacketVerdict {
    guard let (other, _) = topology.plug(of: port) else {
      return .blocked(.unplugged(topology.interface(port).tap))
    }
    if tap.isIsolated && other.isIsolated {
      guard bridge.answers(for: next) else { return .blocked(.isolatedPorts(tap.link, other.link)) }
      return enterHost(from: bridge, by: tap)
    }
    if hasBridgeFilter, let verdict = ask(.packets, .prerouting, from: bridge.hookLink, to: .none) { return verdict }
    return bridged(bridge, from: tap, to: port, other)
  }

  /// What the bridge passes from one port to another, once it is known which one.
  private mutating func bridged(
    _ bridge: CompiledNetwork.Bridge, from tap: CompiledNetwork.Tap, to port: Topology.Port,
    _ other: CompiledNetwork.Tap
  ) -> PacketVerdict {
    let link = bridge.hookLink
    if let verdict = ask(.frames, .forward, from: tap.hookLink, to: other.hookLink) { return verdict }
    if hasBridgeFilter, let verdict = ask(.packets, .forward, from: link, to: link) { return verdict }
    if let verdict = ask(.frames, .postrouting, from: .none, to: other.hookLink) { return verdict }
    if hasBridgeFilter, let verdict = ask(.packets, .postrouting, from: .none, to: link) { return verdict }
    return arrive(at: port)
  }

  private mutating func enterHost(
    from bridge: CompiledNetwork.Bridge, by tap: CompiledNetwork.Tap
  ) -> PacketVerdict {
    guard hasBridgeFilter else {
      if let verdict = ask(.frames, .input, from: tap.hookLink, to: .none) { return verdict }
      return enterHost(from: bridge.hookLink)
    }
    // br_netfilter asks before the bridge knows where the frame goes.
    if let verdict = ask(.packets, .prerouting, from: bridge.hookLink, to: .none) { return verdict }
    if passage.hasNewDestination, !isLocal(passage), topology.bridge(towards: passage.destination) == bridge {
      return handOver(bridge, from: tap)
    }
    if let verdict = ask(.frames, .input, from: tap.hookLink, to: .none) { return verdict }
    return goOn(from: bridge.hookLink)
  }

  /// What a rule leads to where it came from never gets to the host: the bridge itself passes it on, and nothing by the
  /// port that it came from.
  private mutating func handOver(
    _ bridge: CompiledNetwork.Bridge, from tap: CompiledNetwork.Tap
  ) -> PacketVerdict {
    guard let port = topology.neighbor(passage.destination, on: bridge.link) else {
      return .blocked(.nobody(passage.destination))
    }
    guard let (other, _) = topology.plug(of: port) else {
      return .blocked(.unplugged(topology.interface(port).tap))
    }
    if other.link == tap.link { return .blocked(.ownPort(tap.link)) }
    if tap.isIsolated && other.isIsolated { return .blocked(.isolatedPorts(tap.link, other.link)) }
    return bridged(bridge, from: tap, to: port, other)
  }

  /// What the host does with a packet that came by a link.
  mutating func enterHost(from link: HookLink) -> PacketVerdict {
    if let verdict = ask(.packets, .prerouting, from: link, to: .none) { return verdict }
    return goOn(from: link)
  }

  /// Once it is known where it goes.
  private mutating func goOn(from link: HookLink) -> PacketVerdict {
    if isLocal(passage) {
      if let verdict = ask(.packets, .input, from: link, to: .none) { return verdict }
      return arrival(.host)
    }
    guard topology.network.forwarding.isOn(passage.family) else {
      return .blocked(.forwardingIsOff(passage.family))
    }
    let bridge = topology.bridge(towards: passage.destination)
    let out = bridge?.hookLink ?? .outside
    if let verdict = ask(.packets, .forward, from: link, to: out) { return verdict }
    return sendOut(bridge, from: link)
  }

  /// From the host itself.
  mutating func leaveHost() -> PacketVerdict {
    let bridge = isLocal(passage) ? nil : topology.bridge(towards: passage.destination)
    let out = isLocal(passage) ? HookLink.loopback : bridge?.hookLink ?? .outside
    if let verdict = ask(.packets, .output, from: .none, to: out) { return verdict }
    if isLocal(passage) {
      if let verdict = ask(.packets, .postrouting, from: .none, to: .loopback) { return verdict }
      if let verdict = ask(.packets, .input, from: .loopback, to: .none) { return verdict }
      return arrival(.host)
    }
    // A rule may have led it elsewhere.
    let next = topology.bridge(towards: passage.destination)
    if passage.source.isLoopback, next?.routesLoopback != true { return .blocked(.loopbackStays) }
    return sendOut(next, from: .none)
  }

  private mutating func sendOut(_ bridge: CompiledNetwork.Bridge?, from link: HookLink) -> PacketVerdict {
    let address = bridge?.addresses.first { $0.address.family == passage.family }?.address
    let out = bridge?.hookLink ?? .outside
    if let verdict = ask(.packets, .postrouting, from: link, to: out, ownAddress: address) { return verdict }
    guard let bridge else { return arrival(.world) }
    guard let port = topology.neighbor(passage.destination, on: bridge.link) else {
      return .blocked(.nobody(passage.destination))
    }
    guard let (tap, _) = topology.plug(of: port) else {
      return .blocked(.unplugged(topology.interface(port).tap))
    }
    passage.setLinkHeader(from: nil, to: topology.interface(port).mac)
    if let verdict = ask(.frames, .output, from: .none, to: tap.hookLink) { return verdict }
    if let verdict = ask(.frames, .postrouting, from: .none, to: tap.hookLink) { return verdict }
    return arrive(at: port)
  }

  /// At a VM: its own, or to be sent on by it, as it came or with the VM's own address.
  private mutating func arrive(at port: Topology.Port) -> PacketVerdict {
    let machine = topology.network.machines[port.machine]
    let own = machine.interfaces.flatMap { $0.addresses.map(\.address) + [$0.mac.linkLocalAddress] }
    if own.contains(passage.destination) { return arrival(.machine(machine.name)) }
    guard hops < Self.mostHops else { return .blocked(.nobody(passage.destination)) }
    hops += 1
    guard let (next, out) = topology.route(from: port.machine, to: passage.destination) else {
      return .blocked(.noRoute(machine.name))
    }
    let interface = topology.interface(out)
    var translated = self
    let verdict = leave(out, to: next)
    guard !verdict.passes,
      let address = interface.addresses.first(where: { $0.address.family == passage.family })?.address
    else { return verdict }
    translated.passage.setSource(address.bytes)
    let other = translated.leave(out, to: next)
    translated.passage.bounds.intersect(passage.bounds)
    guard other.passes else {
      passage.bounds = translated.passage.bounds
      return verdict
    }
    self = translated
    return other
  }
}

extension Topology {
  /// The address of the neighbour that the VM hands the packet to, and by which interface; nil where it has no route.
  func route(from machine: Int, to destination: IPAddress) -> (next: IPAddress, port: Port)? {
    let interfaces = network.machines[machine].interfaces
    for (index, interface) in interfaces.enumerated()
    where interface.addresses.contains(where: { $0.prefix.contains(destination) }) {
      return (destination, Port(machine: machine, interface: index))
    }
    if destination.isLinkLocal, !interfaces.isEmpty { return (destination, Port(machine: machine, interface: 0)) }
    for (index, interface) in interfaces.enumerated() {
      if let gateway = interface.gateways.first(where: { $0.family == destination.family }) {
        return (gateway, Port(machine: machine, interface: index))
      }
    }
    return nil
  }
}

extension CompiledNetwork.Bridge {
  var hookLink: HookLink { .own(link, group: group, kind: "bridge") }

  func has(_ address: IPAddress) -> Bool { addresses.contains { $0.address == address } }
}

extension CompiledNetwork.Tap {
  var hookLink: HookLink { .own(link, group: group, kind: "tun") }
}
