import Diagnostics
import Host
import Manifest
import Network

/// The interfaces of a VM as they follow from the manifest.
struct InterfaceDesigner {
  let manifest: Manifest
  let naming: Naming

  func interfaces(of machine: VirtualMachineSpec) -> [MachineDesign.Interface] {
    var routed: Set<IPAddress.Family> = []
    return machine.networks.enumerated().map { index, network in
      let bridge = manifest.bridge(named: network.bridge.value)
      let gateways = gateways(of: network, on: bridge, besides: routed, isCrossed: isCrossed(machine, network))
      routed.formUnion(gateways.map(\.family))
      return MachineDesign.Interface(
        tap: naming.tap(label: network.label?.value, vm: machine.name.value, index: index),
        mac: network.mac?.value ?? naming.mac(vm: machine.name.value, index: index), model: network.model.value,
        addresses: network.addresses.map(\.value), gateways: gateways,
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

  /// A flow or a forward leads over the edge of the bridge to the VM or away from it.
  private func isCrossed(_ machine: VirtualMachineSpec, _ network: NetworkSpec) -> Bool {
    let own: [Endpoint] = [.virtualMachine(machine.name.value), .bridge(network.bridge.value)]
    return manifest.forwards.contains { $0.to.value == machine.name.value }
      || manifest.flows.contains { flow in
        [(flow.from.value, flow.to.value), (flow.to.value, flow.from.value)].contains { this, other in
          own.contains(this) && !isWithin(network.bridge.value, other)
        }
      }
  }

  /// Nothing between the host or VMs of the bridge leaves it.
  private func isWithin(_ bridge: String, _ endpoint: Endpoint) -> Bool {
    switch endpoint {
    case .host: true
    case .bridge(let name): name == bridge
    case .virtualMachine(let name):
      manifest.virtualMachine(named: name)?.networks.contains { $0.bridge.value == bridge } ?? false
    case .world, .prefix: false
    }
  }

  /// What was written, else the bridge's own addresses where VMs of it may go further, and where no earlier interface
  /// leads out already.
  private func gateways(
    of network: NetworkSpec, on bridge: BridgeSpec?, besides routed: Set<IPAddress.Family>,
    isCrossed: @autoclosure () -> Bool
  ) -> [IPAddress] {
    if let written = network.gateways { return written.map(\.value) }
    guard let bridge, bridge.policy.value != .isolated || !bridge.allowedIPs.isEmpty || isCrossed() else { return [] }
    let families = Set(network.addresses.map(\.value.address.family)).subtracting(routed)
    return bridge.hostAddresses.map(\.value.address).filter { families.contains($0.family) }
  }
}

/// Who the guest is, as it follows from the manifest.
extension GuestIdentity {
  init(of machine: VirtualMachineSpec, hosts: [HostLine]) {
    self.init(
      hostname: machine.name.value, hosts: hosts, user: machine.user?.name.value,
      authorizedKeys: machine.user?.keys.map(\.value) ?? [])
  }
}

extension GuestIdentity.HostLine {
  /// Every address of every VM. The first address of each family carries the VM's own name; all carry the name with
  /// their bridge, `web.lan`.
  static func all(of manifest: Manifest) -> [GuestIdentity.HostLine] {
    manifest.virtualMachines.flatMap { machine in
      var named: Set<IPAddress.Family> = []
      return machine.networks.flatMap { network in
        network.addresses.map { address in
          let long = "\(machine.name.value).\(network.bridge.value)"
          let isFirst = named.insert(address.value.address.family).inserted
          return GuestIdentity.HostLine(
            address: address.value.address, names: isFirst ? [machine.name.value, long] : [long])
        }
      }
    }
  }
}

extension MachineDesign.Readiness {
  /// A guest on TCG takes several times as long as one on KVM.
  init(_ spec: ReadinessSpec, on accelerator: Accelerator) {
    let timeout = spec.timeout?.value ?? (accelerator == .kvm ? .seconds(120) : .seconds(300))
    self =
      switch spec.probe {
      case .ssh: .ssh(timeout: timeout)
      case .console(let text): .console(text.value, timeout: timeout)
      case .tcp(let port): .tcp(port: port.value, timeout: timeout)
      case .none: .none
      }
  }
}

extension MachineDesign.Display {
  init(_ display: VirtualMachineSpec.Display) {
    self =
      switch display {
      case .none: .none
      case .window: .window
      case .vnc: .vnc
      }
  }
}
