package import Network

/// Who is plugged in where, ready to be asked.
struct Topology {
  /// An interface of a VM, by its place in the network's list.
  struct Port: Hashable {
    var machine: Int
    var interface: Int
  }

  let network: CompiledNetwork
  private let bridges: [LinkName: CompiledNetwork.Bridge]
  private let taps: [LinkName: CompiledNetwork.Tap]
  private let machines: [String: Int]
  /// By bridge and address; link-local ones too.
  private let neighbors: [LinkName: [IPAddress: Port]]
  private let hostAddresses: Set<IPAddress>
  private let names: Set<[UInt8]>

  init(_ network: CompiledNetwork) {
    self.network = network
    bridges = Dictionary(network.bridges.map { ($0.link, $0) }) { first, _ in first }
    let taps = Dictionary(network.taps.map { ($0.link, $0) }) { first, _ in first }
    self.taps = taps
    machines = Dictionary(network.machines.enumerated().map { ($1.name, $0) }) { first, _ in first }
    var neighbors: [LinkName: [IPAddress: Port]] = [:]
    for (number, machine) in network.machines.enumerated() {
      for (index, interface) in machine.interfaces.enumerated() {
        guard let master = taps[interface.tap]?.master else { continue }
        for address in interface.addresses.map(\.address) + [interface.mac.linkLocalAddress] {
          neighbors[master, default: [:]][address] = Port(machine: number, interface: index)
        }
      }
    }
    self.neighbors = neighbors
    hostAddresses = Set(network.bridges.flatMap(\.addresses).map(\.address)).union([.hostLinkLocal])
    names = Set((network.bridges.map(\.link) + network.taps.map(\.link)).map { Field.link($0).bytes })
  }

  func bridge(_ link: LinkName) -> CompiledNetwork.Bridge? { bridges[link] }
  func machine(_ name: String) -> Int? { machines[name] }
  func interface(_ port: Port) -> CompiledNetwork.Interface {
    network.machines[port.machine].interfaces[port.interface]
  }

  /// The tap of an interface where it is up and a port of a bridge that is there.
  func plug(of port: Port) -> (tap: CompiledNetwork.Tap, bridge: CompiledNetwork.Bridge)? {
    guard let tap = taps[interface(port).tap], tap.isUp, let master = tap.master, let bridge = bridges[master] else {
      return nil
    }
    return (tap, bridge)
  }

  /// Who has the address on this bridge.
  func neighbor(_ address: IPAddress, on bridge: LinkName) -> Port? { neighbors[bridge]?[address] }

  func isHost(_ address: IPAddress) -> Bool {
    hostAddresses.contains(address) || address.isLoopback
  }

  /// The bridge whose network an address lies in.
  func bridge(towards address: IPAddress) -> CompiledNetwork.Bridge? {
    network.bridges.first { $0.addresses.contains { $0.prefix.contains(address) } }
  }

  func isOwnName(_ name: [UInt8]) -> Bool { names.contains(name) }
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
