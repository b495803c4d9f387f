import Diagnostics
import Host
import Manifest
import Reconcile

extension GraphBuilder {
  /// nil for a VM that may take what there is.
  func limit(of machine: VirtualMachineSpec) -> Limit? {
    guard let spec = machine.limits else { return nil }
    let limits = MachineLimits(cpuPercent: spec.cpuPercent?.value, memory: spec.memory?.value, io: spec.io?.value)
    guard !limits.controllers.isEmpty else { return nil }
    let missing = inputs.controllers.map { offered in limits.controllers.filter { !offered.contains($0) } } ?? []
    return Limit(limits, name: machine.name.value, scope: scope, missing: missing)
  }
}
