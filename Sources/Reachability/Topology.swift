package import Network

/// Who is plugged in where, ready to be asked. An object, since every packet asks it.
final class Topology {
  /// An interface of a VM, by its place in the network's list.
  struct Port: Hashable {
    var machine: Int
    var interface: Int
  }

  /// The tap of an interface and the bridge that it is a port of.
  struct Plug {
    var tap: CompiledNetwork.Tap
    var tapLink: HookLink
    var socket: Socket
    var bridge: CompiledNetwork.Bridge { socket.bridge }
  }

  /// A bridge as rules ask for it.
  struct Socket {
    var bridge: CompiledNetwork.Bridge
    var link: HookLink
  }

  let network: CompiledNetwork
  private let machines: [String: Int]
  /// By machine and interface.
  private let plugs: [[Plug?]]
  /// By bridge and address; link-local ones too.
  private let neighbors: [LinkName: [IPAddress: Port]]
  private let hostAddresses: Set<IPAddress>
  private let sockets: [Socket]
  private let names: Set<[UInt8]>

  init(_ network: CompiledNetwork) {
    self.network = network
    sockets = network.bridges.map {
      Socket(bridge: $0, link: .own(HookLink.Own($0.link, group: $0.group, kind: "bridge")))
    }
    let bridges = Dictionary(sockets.map { ($0.bridge.link, $0) }) { first, _ in first }
    let taps = Dictionary(network.taps.map { ($0.link, $0) }) { first, _ in first }
    machines = Dictionary(network.machines.enumerated().map { ($1.name, $0) }) { first, _ in first }
    var neighbors: [LinkName: [IPAddress: Port]] = [:]
    var plugs: [[Plug?]] = []
    for (number, machine) in network.machines.enumerated() {
      var own: [Plug?] = []
      for (index, interface) in machine.interfaces.enumerated() {
        own.append(nil)
        guard let tap = taps[interface.tap], let master = tap.master else { continue }
        let port = Port(machine: number, interface: index)
        for address in interface.addresses { neighbors[master, default: [:]][address.address] = port }
        neighbors[master, default: [:]][interface.mac.linkLocalAddress] = port
        guard tap.isUp, let socket = bridges[master] else { continue }
        own[index] = Plug(
          tap: tap, tapLink: .own(HookLink.Own(tap.link, group: tap.group, kind: "tun")), socket: socket)
      }
      plugs.append(own)
    }
    self.neighbors = neighbors
    self.plugs = plugs
    hostAddresses = Set(network.bridges.flatMap(\.addresses).map(\.address)).union([.hostLinkLocal])
    names = Set((network.bridges.map(\.link) + network.taps.map(\.link)).map { Field.link($0).bytes })
  }

  func machine(_ name: String) -> Int? { machines[name] }
  func interface(_ port: Port) -> CompiledNetwork.Interface {
    network.machines[port.machine].interfaces[port.interface]
  }

  /// nil unless the interface's tap is up and a port of a bridge that is there.
  func plug(of port: Port) -> Plug? { plugs[port.machine][port.interface] }

  /// Who has the address on this bridge.
  func neighbor(_ address: IPAddress, on bridge: LinkName) -> Port? { neighbors[bridge]?[address] }

  func isHost(_ address: IPAddress) -> Bool {
    hostAddresses.contains(address) || address.isLoopback
  }

  /// The bridge whose network an address lies in.
  func bridge(towards address: IPAddress) -> Socket? {
    sockets.first { $0.bridge.addresses.contains { $0.prefix.contains(address) } }
  }

  func isOwnName(_ name: [UInt8]) -> Bool { names.contains(name) }

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
  func has(_ address: IPAddress) -> Bool { addresses.contains { $0.address == address } }
}

extension MACAddress {
  /// The address that an interface gives itself (RFC 4291, appendix A).
  package var linkLocalAddress: IPAddress {
    let number = UInt128(value)
    let identifier = (number >> 24 ^ 0x02_0000) << 40 | 0xff_fe00_0000 | number & 0xff_ffff
    return .v6(0xfe80 << 112 | identifier)
  }
}

extension IPAddress {
  /// Stands for the host's link-local address on every bridge.
  package static let hostLinkLocal = IPAddress.v6(0xfe80 << 112 | 0x6d65_726f_7300_0001)

  var isLoopback: Bool { family == .v4 ? value >> 24 == 127 : value == 1 }

  var isLinkLocal: Bool { family == .v6 ? value >> 118 == 0x3fa : value >> 16 == 0xa9fe }
}
