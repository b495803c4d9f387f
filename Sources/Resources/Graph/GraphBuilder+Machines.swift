import Diagnostics
import Host
import Manifest
import Network
import Reconcile

extension GraphBuilder {
  /// What a VM boots and what its image is.
  struct BootChain {
    /// Kernel, root file system and image; other VMs may have the same.
    var shared: [any Resource] = []
    /// nil for a VM that boots its own disk.
    var image: Image?
    var boot: MachineDesign.Boot
  }

  mutating func virtualMachine(
    _ machine: VirtualMachineSpec, boot: BootChain, disks: [Disk], hosts: [GuestIdentity.HostLine]
  ) -> VirtualMachine {
    let name = machine.name.value
    let accelerator = accelerator(of: machine)
    let design = MachineDesign(
      scope: scope, name: name, uuid: naming.uuid(vm: name), arch: machine.arch.value.rawValue,
      memory: machine.memory.value, cpus: machine.cpus.value, accelerator: accelerator, boot: boot.boot,
      disks: machineDisks(of: machine),
      networks: InterfaceDesigner(manifest: manifest, naming: naming).interfaces(of: machine),
      identity: GuestIdentity(of: machine, hosts: hosts), display: .init(machine.display.value),
      extraArguments: machine.qemuArguments.flatMap { words(of: $0.value) },
      readiness: .init(machine.readiness, on: accelerator))
    var dependencies = Set(boot.shared.map(\.address)).union(disks.map(\.address))
    dependencies.insert(ResourceAddress(kind: Key.kind, name: KeyUse.client.name))
    dependencies.insert(ResourceAddress(kind: Key.kind, name: KeyUse.host(vm: name).name))
    for network in design.networks { dependencies.insert(ResourceAddress(kind: Tap.kind, name: network.tap.text)) }
    for bridge in machine.networks.compactMap({ manifest.bridge(named: $0.bridge.value) }) where bridge.servesNames {
      dependencies.insert(ResourceAddress(kind: Nameserver.kind, name: bridge.name.value))
    }
    if let limit = limit(of: machine) { dependencies.insert(limit.address) }
    for other in machine.dependsOn {
      dependencies.insert(ResourceAddress(kind: VirtualMachine.kind, name: other.value))
    }
    return VirtualMachine(
      design, dependencies: dependencies,
      missingPrograms: inputs.emulations[machine.arch.value.rawValue]?.missingForMachines ?? [])
  }

  /// KVM only where it is proven. That it is not is told once, and as a warning where somebody asked for it.
  private mutating func accelerator(of machine: VirtualMachineSpec) -> Accelerator {
    guard machine.acceleration.value != .unwanted, let found = inputs.accelerators[machine.arch.value.rawValue],
      found.accelerator == .tcg
    else { return machine.acceleration.value == .unwanted ? .tcg : .kvm }
    let reason = found.reason ?? "it was not proven"
    if machine.acceleration.value == .wanted {
      diagnostics.warning(
        "KVM cannot be used on this machine: \(reason)", at: machine.acceleration.location,
        remedy: "the VM runs on TCG, which is slower; write `kvm: auto` to say that this is fine")
    } else {
      let whose = machine.arch.value == .x86 ? "VMs" : "VMs of \(machine.arch.value.rawValue)"
      diagnostics.append(Diagnostic(.note, "\(whose) run on TCG, since KVM cannot be used on this machine: \(reason)"))
    }
    return .tcg
  }

  /// The words of one line of `qemu_args`, at spaces.
  private func words(of line: String) -> [String] { line.split(separator: " ").map(String.init) }
}
