package import Host
package import Reconcile

/// A QEMU with its guest.
package struct VirtualMachine: Resource {
  package var design: MachineDesign
  /// Its kernel, disks, taps and keys, and the VMs that must be ready before it starts.
  package var dependencies: Set<ResourceAddress>
  /// Programs that run it and are not installed.
  package var missingPrograms: [String]

  package static let kind = "vm"

  package init(_ design: MachineDesign, dependencies: Set<ResourceAddress>, missingPrograms: [String] = []) {
    self.design = design
    self.dependencies = dependencies
    self.missingPrograms = missingPrograms
  }

  package var name: String { design.name }

  package static func observe(
    _ scope: Scope, on host: Host
  ) async throws(HostError) -> [String: ObservedVirtualMachine] {
    var all: [String: ObservedVirtualMachine] = [:]
    // A root disk has its VM's name, a data disk a longer one.
    for disk in try await host.disks.disks(of: scope) where !disk.name.contains("/") {
      all[disk.name] = ObservedVirtualMachine(machine: nil, scope: scope, power: disk.power, hasLogs: false)
    }
    for name in try await host.machines.traces(of: scope) {
      all[name, default: ObservedVirtualMachine(machine: nil, scope: scope)].hasLogs = true
    }
    for machine in try await host.machines.machines(of: scope) {
      all[machine.name] = ObservedVirtualMachine(machine: machine, scope: scope, power: all[machine.name]?.power)
    }
    return all
  }

  package static func dependencies(of observed: ObservedVirtualMachine) -> Set<ResourceAddress> {
    observed.dependencies
  }
}
