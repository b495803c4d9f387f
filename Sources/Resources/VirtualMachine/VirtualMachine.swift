package import Host
package import Reconcile

/// A QEMU with its guest.
package struct VirtualMachine: Resource {
  package var design: MachineDesign
  /// Its kernel, disks, taps and keys, and the VMs that must be ready before it starts.
  package var dependencies: Set<ResourceAddress>

  package static let kind = "vm"

  package init(_ design: MachineDesign, dependencies: Set<ResourceAddress>) {
    self.design = design
    self.dependencies = dependencies
  }

  package var name: String { design.name }

  package static func observe(
    _ scope: Scope, on host: Host
  ) async throws(HostError) -> [String: ObservedVirtualMachine] {
    var all: [String: ObservedVirtualMachine] = [:]
    for name in try await host.machines.traces(of: scope) {
      all[name] = ObservedVirtualMachine(machine: nil, scope: scope)
    }
    for machine in try await host.machines.machines(of: scope) {
      all[machine.name] = ObservedVirtualMachine(machine: machine, scope: scope)
    }
    return all
  }

  package static func dependencies(of observed: ObservedVirtualMachine) -> Set<ResourceAddress> {
    observed.dependencies
  }

  package static func change(
    _ name: String, from: ObservedVirtualMachine?, to: VirtualMachine?, under circumstances: Circumstances
  ) -> Change? {
    switch (from?.machine, to) {
    case (nil, nil):
      return from.map {
        Change(.delete, disruption: .none, tearDown: [RemoveMachineTraces(name: name, scope: $0.scope)])
      }
    case (nil, let desired?):
      return Change(
        .create, reasons: Reason.differences(from: [:], to: desired.design.attributes), disruption: .none,
        setUp: desired.start)
    case (let machine?, nil):
      guard let scope = from?.scope else { return nil }
      return Change(
        .delete, reasons: Reason.differences(from: machine.attributes, to: [:]), disruption: .restart,
        tearDown: [StopMachine(name: name, scope: scope), RemoveMachineTraces(name: name, scope: scope)])
    case (let machine?, let desired?):
      let reasons = reasonsToRestart(machine, desired, circumstances)
      guard !reasons.isEmpty else { return nil }
      return Change(
        .update, reasons: reasons.sorted(), disruption: .restart,
        tearDown: [StopMachine(name: name, scope: desired.design.scope)], setUp: desired.start)
    }
  }

  /// What differs, and what a running QEMU cannot take over: everything but a tap, a kernel that is built again from
  /// the same inputs, and other VMs.
  private static func reasonsToRestart(
    _ machine: ObservedMachine, _ desired: VirtualMachine, _ circumstances: Circumstances
  ) -> [Reason] {
    var reasons: [Reason] = []
    // A machine whose command line could not be read is compared by nothing; its monitor tells enough.
    if !machine.attributes.isEmpty {
      reasons = Reason.differences(from: machine.attributes, to: desired.design.attributes)
    }
    if !machine.isManageable { reasons.append(Reason("monitor", before: "lost", after: "answers")) }
    if let state = machine.runState, !statesToLeave.contains(state) {
      reasons.append(Reason("state", before: state, after: "running"))
    }
    let renewed = circumstances.replaced.intersection(desired.dependencies)
    for address in renewed where restartingKinds.contains(address.kind) && !isNew(address, to: machine) {
      reasons.append(Reason("\(address)", before: "in use", after: "renewed"))
    }
    return reasons
  }

  /// A disk that the machine is yet to get is a reason of its own.
  private static func isNew(_ address: ResourceAddress, to machine: ObservedMachine) -> Bool {
    guard address.kind == "disk", let disks = machine.disks else { return false }
    return !disks.contains(address.name)
  }

  /// The guest runs, is about to, or was halted by a person who has a use for it.
  private static let statesToLeave: Set<String> = [
    "running", "paused", "suspended", "prelaunch", "debug", "save-vm", "restore-vm", "inmigrate", "postmigrate",
  ]
  private static let restartingKinds: Set<String> = ["disk", "key"]

  private var start: [any Action] { [StartMachine(design: design), AwaitMachine(design: design)] }
}
