package import Host
import Network
package import Reachability
package import Reconcile

extension CompiledNetwork {
  /// What the resources of a graph make of the network: exactly what is sent to the kernel.
  ///
  /// - Parameter former: what was forwarded before the first constellation came.
  package init(_ graph: ResourceGraph, former: ForwardingState) {
    let resources = graph.resources.values
    guard let firewall = resources.lazy.compactMap({ $0 as? Firewall }).first else {
      self.init()
      return
    }
    let policy = firewall.policy
    let designs = resources.compactMap { ($0 as? Resources.Bridge) }.sorted { $0.name < $1.name }
    let taps = resources.compactMap { ($0 as? Resources.Tap)?.design }.sorted { $0.name < $1.name }
    let interfaces = Dictionary(
      resources.compactMap { $0 as? VirtualMachine }.flatMap(\.design.networks).map { ($0.tap, $0) }
    ) { first, _ in first }
    self.init(
      tables: policy.tables(former: former),
      bridges: designs.map { bridge in
        Bridge(
          link: bridge.design.name, name: bridge.name, group: bridge.isOurs ? bridge.design.group : 0,
          addresses: bridge.design.addresses, answersForPorts: bridge.design.routing.answersForOthers != .off,
          answeredAddresses: Set(bridge.design.routing.answeredAddresses),
          routesLoopback: bridge.isOurs && bridge.design.routing.routesLoopback)
      },
      taps: taps.map { Tap(link: $0.name, group: $0.group, master: $0.master, isIsolated: $0.isIsolated) },
      machines: [])
    machines = Self.machines(
      policy.taps.map { tap in
        (
          tap.vm,
          Interface(
            tap: tap.link, mac: tap.mac,
            addresses: interfaces[tap.link]?.addresses ?? tap.addresses.map { placed($0, by: tap.link) },
            gateways: interfaces[tap.link]?.gateways ?? gateways(of: tap.link))
        )
      })
  }

  /// Interfaces by the VM that they belong to, VMs by name.
  static func machines(_ interfaces: [(vm: String, interface: Interface)]) -> [Machine] {
    Dictionary(grouping: interfaces, by: \.vm).map { name, own in
      Machine(name: name, interfaces: own.map(\.interface))
    }.sorted { $0.name < $1.name }
  }

  /// An address as an interface of this tap's bridge would have it.
  func placed(_ address: IPAddress, by tap: LinkName) -> InterfaceAddress {
    let subnet = bridge(of: tap)?.addresses.first { $0.prefix.contains(address) }
    let length = subnet?.prefixLength ?? address.family.bits
    // A bridge's own length is one that the family has.
    return InterfaceAddress(address, prefixLength: length) ?? InterfaceAddress.single(address)
  }

  func gateways(of tap: LinkName) -> [IPAddress] { bridge(of: tap)?.addresses.map(\.address) ?? [] }

  private func bridge(of tap: LinkName) -> Bridge? {
    let master = taps.first { $0.link == tap }?.master
    return bridges.first { $0.link == master }
  }
}

extension InterfaceAddress {
  fileprivate static func single(_ address: IPAddress) -> InterfaceAddress {
    guard let own = InterfaceAddress(address, prefixLength: address.family.bits) else {
      preconditionFailure("every family has its own length")
    }
    return own
  }
}
