package import Network

/// Says what becomes of packets in a network, by running its tables as the kernel would. An object, since it learns how
/// its sets are asked.
package final class Evaluator {
  package let network: CompiledNetwork
  let topology: Topology
  private let program: FilterProgram

  package init(_ network: CompiledNetwork) {
    self.network = network
    topology = Topology(network)
    program = FilterProgram(network.tables)
  }

  /// What becomes of a packet with br_netfilter off and on: `undecided` where that makes a difference.
  package func verdict(for packet: Packet, from party: Party) -> PacketVerdict {
    Self.both(
      verdict(for: packet, from: party, hasBridgeFilter: false),
      verdict(for: packet, from: party, hasBridgeFilter: true))
  }

  /// - Parameters:
  ///   - party: who sends it; a VM by the interface that its routes choose.
  ///   - hasBridgeFilter: br_netfilter is on for the family.
  package func verdict(for packet: Packet, from party: Party, hasBridgeFilter: Bool) -> PacketVerdict {
    let way: Way
    switch party {
    case .machine(let name):
      guard let machine = topology.machine(name), let route = topology.route(from: machine, to: packet.destination)
      else { return .blocked(.noRoute(name)) }
      way = .port(route.port, next: route.next)
    case .host: way = .host
    case .world: way = .outside
    }
    return judge(packet, by: way, hasBridgeFilter: hasBridgeFilter).verdict
  }

  /// By the interface with this tap to a neighbour, whatever the VM's routes say: what a VM can do when it wants to.
  /// `blocked` where no VM has such an interface.
  package func verdict(
    for packet: Packet, by tap: LinkName, to next: IPAddress, hasBridgeFilter: Bool
  ) -> PacketVerdict {
    for (number, machine) in network.machines.enumerated() {
      for (index, interface) in machine.interfaces.enumerated() where interface.tap == tap {
        let way = Way.port(Topology.Port(machine: number, interface: index), next: next)
        return judge(packet, by: way, hasBridgeFilter: hasBridgeFilter).verdict
      }
    }
    return .blocked(.unplugged(tap))
  }

  /// How a packet gets on its way.
  enum Way: Hashable {
    /// From a VM, by this interface to the neighbour that has the address.
    case port(Topology.Port, next: IPAddress)
    case host
    /// By a link that is none of ours.
    case outside
  }

  struct Judgement {
    var verdict: PacketVerdict
    /// All packets that differ only within these are judged alike.
    var bounds: Bounds
  }

  /// - Parameters:
  ///   - open: the dimensions for which bounds are wanted. What the way is chosen by is not asked again: the caller
  ///     stays among destinations that have the same one.
  ///   - isForHost: the destination is an address of the host, whichever it is.
  ///   - words: what stands where TCP and UDP have their ports; nil: as the packet has it.
  func judge(
    _ packet: Packet, by way: Way, hasBridgeFilter: Bool, open: Dimensions = [], isForHost: Bool = false,
    words: (source: UInt16?, destination: UInt16)? = nil
  ) -> Judgement {
    var journey = Journey(
      program, topology, Passage(packet, open: open, words: words), hasBridgeFilter: hasBridgeFilter,
      isForHost: isForHost)
    let verdict =
      switch way {
      case .port(let port, let next): journey.leave(port, to: next, sourceMAC: packet.sourceMAC)
      case .host: journey.leaveHost()
      case .outside: journey.enterHost(from: .outside)
      }
    return Judgement(verdict: verdict, bounds: journey.passage.bounds)
  }

  static func both(_ one: PacketVerdict, _ other: PacketVerdict) -> PacketVerdict {
    switch (one, other) {
    case (.passes(let here), .passes(let there)): here == there ? one : .undecided(.bridgeFilter)
    case (.blocked, .blocked): one
    case (.undecided, _): one
    case (_, .undecided): other
    case (.passes, .blocked), (.blocked, .passes): .undecided(.bridgeFilter)
    }
  }
}
