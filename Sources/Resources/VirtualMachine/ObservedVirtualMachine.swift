package import Host
import Reconcile

/// A VM as the host has it.
package struct ObservedVirtualMachine: Equatable, Sendable {
  /// nil when it does not run.
  package var machine: ObservedMachine?
  /// Where it was found.
  package var scope: Scope
  /// Whether it is meant to run, by the mark beside its root disk; nil where there is none.
  package var power: PowerState?
  /// There are logs of it.
  package var hasLogs: Bool

  package init(machine: ObservedMachine?, scope: Scope, power: PowerState? = nil, hasLogs: Bool = true) {
    self.machine = machine
    self.scope = scope
    self.power = power
    self.hasLogs = hasLogs
  }

  /// It does not run.
  package var isGone: Bool { machine == nil }

  /// What must outlive it, as far as its attributes tell: its disks, its taps, its limits and its host key.
  var dependencies: Set<ResourceAddress> {
    guard let machine else { return [] }
    var all: Set<ResourceAddress> = [ResourceAddress(kind: "key", name: KeyUse.host(vm: machine.name).name)]
    all.insert(ResourceAddress(kind: Limit.kind, name: machine.name))
    all.formUnion((machine.disks ?? []).map { ResourceAddress(kind: "disk", name: $0) })
    for (path, value) in machine.attributes where path.hasPrefix("networks[") && path.hasSuffix("].tap") {
      all.insert(ResourceAddress(kind: "tap", name: value))
    }
    return all
  }
}

extension ObservedMachine {
  /// The names of the disks that it was started with; nil where its attributes cannot be read.
  package var disks: Set<String>? {
    guard !attributes.isEmpty else { return nil }
    return Set(MachineParts(attributes).disks.map(\.name))
  }
}
