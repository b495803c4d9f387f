package import Host
import Reconcile

/// A VM as the host has it.
package struct ObservedVirtualMachine: Equatable, Sendable {
  /// nil when it does not run and has only left logs behind.
  package var machine: ObservedMachine?
  /// Where it was found.
  package var scope: Scope

  package init(machine: ObservedMachine?, scope: Scope) {
    self.machine = machine
    self.scope = scope
  }

  /// Only its logs are left.
  package var isGone: Bool { machine == nil }

  /// What must outlive it, as far as its attributes tell: its disks, its taps and its host key.
  var dependencies: Set<ResourceAddress> {
    guard let machine else { return [] }
    var all: Set<ResourceAddress> = [ResourceAddress(kind: "key", name: KeyUse.host(vm: machine.name).name)]
    for (path, value) in machine.attributes {
      if path.hasPrefix("disks["), let name = value.split(separator: " ").first {
        all.insert(ResourceAddress(kind: "disk", name: String(name)))
      } else if path.hasPrefix("networks["), path.hasSuffix("].tap") {
        all.insert(ResourceAddress(kind: "tap", name: value))
      }
    }
    return all
  }
}
