package import Host
import Network
package import Reachability
package import Reconcile

extension CompiledNetwork {
  /// What the resources of a graph make of the network: exactly what is sent to the kernel.
  ///
  /// - Parameter former: what was forwarded before the first constellation came.
  package init(_ graph: ResourceGraph, former: ForwardingState) {
    var firewall: Firewall?
    var designs: [Resources.Bridge] = []
    var taps: [TapDesign] = []
    var interfaces: [LinkName: MachineDesign.Interface] = [:]
    for (address, resource) in graph.resources {
      switch address.kind {
      case Firewall.kind: firewall = resource as? Firewall
      case Resources.Bridge.kind: if let bridge = resource as? Resources.Bridge { designs.append(bridge) }
      case Resources.Tap.kind: if let tap = resource as? Resources.Tap { taps.append(tap.design) }
      case VirtualMachine.kind:
        for network in (resource as? VirtualMachine)?.design.networks ?? [] { interfaces[network.tap] = network }
      default: continue
      }
    }
    guard let policy = firewall?.policy else {
      self.init()
      return
    }
    designs.sort { $0.name < $1.name }
    taps.sort { $0.name < $1.name }
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
    let bridges = bridgesByTap
    machines = Self.machines(
      policy.taps.map { tap in
        let bridge = bridges[tap.link]
        return (
          tap.vm,
          Interface(
            tap: tap.link, mac: tap.mac,
            addresses: interfaces[tap.link]?.addresses ?? tap.addresses.map { InterfaceAddress($0, on: bridge) },
            gateways: interfaces[tap.link]?.gateways ?? bridge?.addresses.map(\.address) ?? [])
        )
      })
  }

  /// Interfaces by the VM that they belong to, VMs by name.
  static func machines(_ interfaces: [(vm: String, interface: Interface)]) -> [Machine] {
    Dictionary(grouping: interfaces, by: \.vm).map { name, own in
      Machine(name: name, interfaces: own.map(\.interface))
    }.sorted { $0.name < $1.name }
  }

  /// The bridge of each tap that is a port of one.
  var bridgesByTap: [LinkName: Bridge] {
    let bridges = Dictionary(bridges.map { ($0.link, $0) }) { first, _ in first }
    return Dictionary(taps.compactMap { tap in tap.master.flatMap { bridges[$0] }.map { (tap.link, $0) } }) {
      first, _ in first
    }
  }
}

extension InterfaceAddress {
  /// An address as an interface of a bridge would have it.
  init(_ address: IPAddress, on bridge: CompiledNetwork.Bridge?) {
    let subnet = bridge?.addresses.first { $0.prefix.contains(address) }
    // A bridge's own length is one that the family has, as is that of a single address.
    guard let own = InterfaceAddress(address, prefixLength: subnet?.prefixLength ?? address.family.bits) else {
      preconditionFailure("every family has its own length")
    }
    self = own
  }
}
