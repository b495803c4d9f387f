import Diagnostics
import Host
import Manifest
import Reconcile
import Resources

/// What `build` makes of a constellation.
struct BuildSelection: Sendable {
  var constellation: String
  /// Empty: every VM.
  var machines: [String]
  /// No kernels.
  var isRootOnly: Bool
  var image: ImageChoice?

  /// Throws where the manifest, which has these VMs, lacks one that was named.
  func check(among known: [String]) throws(CommandFailure) {
    var faults = Diagnostics()
    for name in machines where !known.contains(name) {
      faults.error(
        "no virtual machine is called \(name)", at: nil,
        remedy: Nearest.remedy(for: name, among: known))
    }
    if faults.hasErrors { throw .diagnostics(faults) }
  }

  /// The root disks of the VMs, and the kernels that they boot.
  func targets(in goal: Goal) -> Set<ResourceAddress> {
    let known = goal.graph.order.filter { $0.kind == VirtualMachine.kind }.map(\.name)
    var targets: Set<ResourceAddress> = []
    for name in machines.isEmpty ? known : machines {
      targets.insert(ResourceAddress(kind: Disk.kind, name: name))
      guard !isRootOnly else { continue }
      let below = goal.graph.dependencies[ResourceAddress(kind: VirtualMachine.kind, name: name)] ?? []
      targets.formUnion(below.filter { $0.kind == Kernel.kind })
    }
    return targets
  }

  /// Throws where a disk would go or change beneath a VM that runs: `build` starts and stops nothing.
  static func checkNoneRuns(_ proposal: Proposal) throws(CommandFailure) {
    var faults = Diagnostics()
    for planned in proposal.plan.changes where planned.address.kind == Disk.kind && !planned.change.tearDown.isEmpty {
      let machine = ResourceAddress(kind: VirtualMachine.kind, name: planned.address.name)
      let observed = proposal.observation.resources[machine]?.value as? ObservedVirtualMachine
      guard observed?.machine != nil else { continue }
      faults.error(
        "\(planned.address) would be made anew while \(machine) runs on it", at: nil,
        remedy: "shut it down first, meros shutdown; or let meros apply do it, with a restart")
    }
    if faults.hasErrors { throw .diagnostics(faults) }
  }
}
