import Diagnostics
import Host
import Manifest
import Network
import Reconcile

extension GraphBuilder {
  /// Bridges, taps (each called as its link is), the packet filter around them, and forwarding where VMs may go further.
  func networkResources() -> [any Resource] {
    guard !manifest.bridges.isEmpty else { return [] }
    let firewall = Firewall(policy: policy())
    let bridges = manifest.bridges.map { bridge in
      Bridge(scope: scope, name: bridge.name.value, design: design(of: bridge), isOurs: bridge.isCreated)
    }
    return [firewall, ForwardingSwitch(scope: scope)] + bridges + manifest.virtualMachines.flatMap(taps)
  }

  /// The name of a bridge's link on the host.
  func linkName(of bridge: BridgeSpec) -> LinkName {
    let own = bridge.isCreated ? nil : LinkName(bridge.name.value)
    return own ?? naming.bridge(bridge.name.value)
  }

  private func design(of bridge: BridgeSpec) -> BridgeDesign {
    var design = BridgeDesign(
      name: linkName(of: bridge), group: scope.linkGroup,
      alias: Mark(scope: scope, address: "bridge.\(bridge.name.value)").description, mtu: bridge.mtu.value,
      addresses: bridge.hostAddresses.map(\.value).sorted())
    design.routing = routing(of: bridge)
    return design
  }

  /// VMs that are kept apart on a bridge reach each other by way of the host, which answers for all of them. Forwards
  /// of the host's loopback address have to be let out.
  private func routing(of bridge: BridgeSpec) -> BridgeRouting {
    let addresses = manifest.virtualMachines.flatMap(\.networks).filter { $0.bridge.value == bridge.name.value }
      .flatMap { $0.addresses.map(\.value.address) }
    let own = Set(addresses)
    let isApart = bridge.peers.value == .isolated
    return BridgeRouting(
      answersForOthers: isApart ? .on : .off,
      answeredAddresses: isApart ? own.filter { $0.family == .v6 }.sorted() : [],
      routesLoopback: forwards().contains { $0.takesLoopback && !own.isDisjoint(with: $0.targets) })
  }

  private func taps(of machine: VirtualMachineSpec) -> [Tap] {
    machine.networks.enumerated().compactMap { index, network in
      guard let bridge = manifest.bridge(named: network.bridge.value) else { return nil }
      let link = naming.tap(label: network.label?.value, vm: machine.name.value, index: index)
      let label = network.label?.value
      return Tap(
        scope: scope, name: link.text,
        design: TapDesign(
          name: link, group: scope.linkGroup, alias: Mark(scope: scope, address: "tap.\(link)").description,
          alternativeName: label == link.text ? nil : label, owner: scope.uid, master: linkName(of: bridge),
          mtu: bridge.mtu.value, isIsolated: bridge.peers.value == .isolated), bridge: bridge.name.value)
    }
  }
}
