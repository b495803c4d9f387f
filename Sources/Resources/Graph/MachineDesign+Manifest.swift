import Diagnostics
import Host
import Manifest
import Network

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
      // Windows are a viewer's, who runs on the desktop; QEMU is another user, who reaches none.
      case .window, .vnc: .vnc
      }
  }
}
