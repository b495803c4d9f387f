import Diagnostics
import Host
import Manifest
import Network

/// The interfaces of a VM as they follow from the manifest.
struct InterfaceDesigner {
  let manifest: Manifest
  let naming: Naming

  func interfaces(of machine: VirtualMachineSpec) -> [MachineDesign.Interface] {
    let gateways = gateways(of: machine)
    return machine.networks.enumerated().map { index, network in
      let bridge = manifest.bridge(named: network.bridge.value)
      return MachineDesign.Interface(
        tap: naming.tap(label: network.label?.value, vm: machine.name.value, index: index),
        mac: network.mac?.value ?? naming.mac(vm: machine.name.value, index: index), model: network.model.value,
        addresses: network.addresses.map(\.value), gateways: gateways[index],
        nameservers: network.nameservers?.map(\.value) ?? [],
        offeredNameservers: network.nameservers == nil ? nameservers(of: network, on: bridge) : [],
        mtu: bridge?.mtu.value ?? 1500)
    }
  }

  /// The bridge's own addresses of the families that the interface has, where the bridge serves names.
  private func nameservers(of network: NetworkSpec, on bridge: BridgeSpec?) -> [IPAddress] {
    guard let bridge, bridge.servesNames else { return [] }
    let families = Set(network.addresses.map(\.value.address.family))
    return bridge.hostAddresses.map(\.value.address).filter { families.contains($0.family) }
  }

  /// What was written; else of each family that nothing was written of the bridge's own address, of one interface. It is
  /// there whether or not the policy lets anything pass: the filter decides, and a flow that comes or goes finds the
  /// route already there.
  private func gateways(of machine: VirtualMachineSpec) -> [[IPAddress]] {
    var all = machine.networks.map { $0.gateways?.map(\.value) ?? [] }
    for family in IPAddress.Family.allCases where !all.joined().contains(where: { $0.family == family }) {
      let ways = machine.networks.enumerated().compactMap { index, network -> (index: Int, Way)? in
        way(by: network, family).map { (index, $0) }
      }
      guard let best = ways.map(\.1.rank).min(), let first = ways.first(where: { $0.1.rank == best }) else { continue }
      all[first.index].append(first.1.gateway)
    }
    return all
  }

  /// A way off that an interface could have.
  private struct Way {
    var gateway: IPAddress
    /// The least is taken, of several the first: out by policy, out to some addresses, not out but by flows.
    var rank: Int
  }

  /// nil where what stands in the manifest is all that there is, or there is nobody to ask.
  private func way(by network: NetworkSpec, _ family: IPAddress.Family) -> Way? {
    guard network.gateways == nil, network.addresses.contains(where: { $0.value.address.family == family }),
      let bridge = manifest.bridge(named: network.bridge.value),
      let gateway = bridge.hostAddresses.lazy.map(\.value.address).first(where: { $0.family == family })
    else { return nil }
    let isOut = bridge.policy.value != .isolated
    return Way(gateway: gateway, rank: isOut ? 0 : bridge.allowedIPs.isEmpty ? 2 : 1)
  }
}
