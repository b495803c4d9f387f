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
    guard let plug = topology.plug(of: port) else { return .blocked(.unplugged(interface.tap)) }
    let bridge = plug.bridge
    let neighbor = topology.neighbor(next, on: bridge.link)
    let isForBridge = isForHost && hops == 0 && next == passage.destination
    let isHost = isForBridge || topology.isHost(next) && (next == .hostLinkLocal || bridge.has(next))
    let receiver = neighbor.map { topology.interface($0).mac }
    passage.setLinkHeader(from: sourceMAC ?? interface.mac, to: isHost ? nil : receiver)
    if let verdict = ask(.frames, .prerouting, from: plug.tapLink, to: .none) { return verdict }
    if isHost { return enterHost(by: plug) }
    guard let neighbor else { return .blocked(.nobody(next)) }
    guard let other = topology.plug(of: neighbor) else {
      return .blocked(.unplugged(topology.interface(neighbor).tap))
    }
    if plug.tap.isIsolated && other.tap.isIsolated {
      guard bridge.answers(for: next) else { return .blocked(.isolatedPorts(plug.tap.link, other.tap.link)) }
      return enterHost(by: plug)
    }
    if hasBridgeFilter, let verdict = ask(.packets, .prerouting, from: plug.socket.link, to: .none) { return verdict }
    return cross(from: plug, to: other, neighbor)
  }

  /// From port to port of one bridge.
  private mutating func cross(
    from plug: Topology.Plug, to other: Topology.Plug, _ port: Topology.Port
  ) -> PacketVerdict {
    let link = plug.socket.link
    if let verdict = ask(.frames, .forward, from: plug.tapLink, to: other.tapLink) { return verdict }
    if hasBridgeFilter, let verdict = ask(.packets, .forward, from: link, to: link) { return verdict }
    if let verdict = ask(.frames, .postrouting, from: .none, to: other.tapLink) { return verdict }
    if hasBridgeFilter, let verdict = ask(.packets, .postrouting, from: .none, to: link) { return verdict }
    return arrive(at: port)
  }

  /// From a VM. With br_netfilter the bridge itself asks what comes before routing, and what is led to somebody on the
  /// same bridge by that never gets up to the host.
  private mutating func enterHost(by plug: Topology.Plug) -> PacketVerdict {
    if hasBridgeFilter {
      if let verdict = ask(.packets, .prerouting, from: plug.socket.link, to: .none) { return verdict }
      if passage.hasNewDestination, !isLocal(passage),
        topology.bridge(towards: passage.destination)?.bridge.link == plug.bridge.link
      {
        return turn(plug)
      }
    }
    if let verdict = ask(.frames, .input, from: plug.tapLink, to: .none) { return verdict }
    return hasBridgeFilter ? route(from: plug.socket.link) : enterHost(from: plug.socket.link)
  }

  /// Back to the bridge that it came by, as that does it by itself: not to where it came from, and not between isolated
  /// ports.
  private mutating func turn(_ plug: Topology.Plug) -> PacketVerdict {
    guard let port = topology.neighbor(passage.destination, on: plug.bridge.link) else {
      return .blocked(.nobody(passage.destination))
    }
    guard let other = topology.plug(of: port) else { return .blocked(.unplugged(topology.interface(port).tap)) }
    if other.tap.link == plug.tap.link { return .blocked(.samePort(plug.tap.link)) }
    if plug.tap.isIsolated && other.tap.isIsolated { return .blocked(.isolatedPorts(plug.tap.link, other.tap.link)) }
    return cross(from: plug, to: other, port)
  }

  /// What the host does with a packet that came by a link.
  mutating func enterHost(from link: HookLink) -> PacketVerdict {
    if let verdict = ask(.packets, .prerouting, from: link, to: .none) { return verdict }
    return route(from: link)
  }

  private mutating func route(from link: HookLink) -> PacketVerdict {
    if isLocal(passage) {
      if let verdict = ask(.packets, .input, from: link, to: .none) { return verdict }
      return arrival(.host)
    }
    guard topology.network.forwarding.isOn(passage.family) else {
      return .blocked(.forwardingIsOff(passage.family))
    }
    let bridge = topology.bridge(towards: passage.destination)
    let out = bridge?.link ?? .outside
    if let verdict = ask(.packets, .forward, from: link, to: out) { return verdict }
    return sendOut(bridge, from: link)
  }

  /// From the host itself.
  mutating func leaveHost() -> PacketVerdict {
    let bridge = isLocal(passage) ? nil : topology.bridge(towards: passage.destination)
    let out = isLocal(passage) ? HookLink.loopback : bridge?.link ?? .outside
    if let verdict = ask(.packets, .output, from: .none, to: out) { return verdict }
    if isLocal(passage) {
      if let verdict = ask(.packets, .postrouting, from: .none, to: .loopback) { return verdict }
      if let verdict = ask(.packets, .input, from: .loopback, to: .none) { return verdict }
      return arrival(.host)
    }
    // A rule may have led it elsewhere.
    let next = topology.bridge(towards: passage.destination)
    if passage.source.isLoopback, next?.bridge.routesLoopback != true { return .blocked(.loopbackStays) }
    return sendOut(next, from: .none)
  }

  private mutating func sendOut(_ socket: Topology.Socket?, from link: HookLink) -> PacketVerdict {
    let bridge = socket?.bridge
    let address = bridge?.addresses.first { $0.address.family == passage.family }?.address
    let out = socket?.link ?? .outside
    if let verdict = ask(.packets, .postrouting, from: link, to: out, ownAddress: address) { return verdict }
    guard let bridge else { return arrival(.world) }
    guard let port = topology.neighbor(passage.destination, on: bridge.link) else {
      return .blocked(.nobody(passage.destination))
    }
    guard let plug = topology.plug(of: port) else { return .blocked(.unplugged(topology.interface(port).tap)) }
    passage.setLinkHeader(from: nil, to: topology.interface(port).mac)
    if let verdict = ask(.frames, .output, from: .none, to: plug.tapLink) { return verdict }
    if let verdict = ask(.frames, .postrouting, from: .none, to: plug.tapLink) { return verdict }
    return arrive(at: port)
  }

  /// At a VM: its own, or to be sent on by it, as it came or with the VM's own address.
  private mutating func arrive(at port: Topology.Port) -> PacketVerdict {
    let machine = topology.network.machines[port.machine]
    let destination = passage.destination
    let isOwn = machine.interfaces.contains { interface in
      interface.addresses.contains { $0.address == destination } || interface.mac.linkLocalAddress == destination
    }
    if isOwn { return arrival(.machine(machine.name)) }
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
