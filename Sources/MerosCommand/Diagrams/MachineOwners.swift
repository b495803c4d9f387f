import Host
import Network
import Reconcile
import Resources

/// Which VM a resource belongs to, and which bridges a VM is on.
struct MachineOwners {
  private var byTap: [String: String] = [:]
  private var bridges: [String: [String]] = [:]
  private var machines: Set<String> = []

  init(_ graph: ResourceGraph) {
    for resource in graph.resources.values {
      guard let machine = resource as? VirtualMachine else { continue }
      machines.insert(machine.name)
      let taps = machine.design.networks.map(\.tap.text)
      for tap in taps { byTap[tap] = machine.name }
      let on = taps.compactMap { graph.resources[ResourceAddress(kind: Tap.kind, name: $0)] as? Tap }.map(\.bridge)
      bridges[machine.name] = Set(on).sorted()
    }
  }

  /// nil for what several VMs may share. What is to go tells it by its name alone.
  func machine(of address: ResourceAddress) -> String? {
    switch address.kind {
    case VirtualMachine.kind: address.name
    case Disk.kind: String(address.name.prefix { $0 != "/" })
    case Tap.kind: byTap[address.name]
    case Key.kind: if case .host(let vm) = KeyUse(name: address.name) { vm } else { nil }
    default: nil
    }
  }

  /// Sorted; empty for a VM that is to go.
  func bridges(of machine: String) -> [String] { bridges[machine] ?? [] }
}
