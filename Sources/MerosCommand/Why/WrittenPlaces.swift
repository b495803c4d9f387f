import Diagnostics
import Host
import Manifest
import Network
import Reconcile
import Resources

/// Where a manifest asks for resources.
struct WrittenPlaces {
  let manifest: Manifest
  let graph: ResourceGraph

  func places(of address: ResourceAddress) -> [Account.Place] {
    guard graph.resources[address] != nil else { return [] }
    switch address.kind {
    case VirtualMachine.kind: return machine(address.name).map { [place("vm \($0.name.value)", $0.name)] } ?? []
    case Disk.kind: return disk(address.name)
    case Key.kind:
      guard case .host(let vm) = KeyUse(name: address.name) else {
        return [place("every constellation has one", manifest.name)]
      }
      return machine(vm).map { [place("vm \(vm)", $0.name)] } ?? []
    case Bridge.kind:
      return manifest.bridge(named: address.name).map { [place("bridge \(address.name)", $0.name)] } ?? []
    case Nameserver.kind:
      return manifest.bridge(named: address.name).map { bridge in
        [
          bridge.dns.map { place("dns", $0) }
            ?? place("bridge \(address.name), which has one unless it says no", bridge.name)
        ]
      } ?? []
    case Limit.kind:
      return machine(address.name)?.limits.map {
        [Account.Place(words: "limits of \(address.name)", location: $0.location)]
      } ?? []
    case Tap.kind: return tap(address.name)
    case Firewall.kind: return rules
    case ForwardingSwitch.kind: return manifest.bridges.prefix(1).map { place("there are bridges", $0.name) }
    case Kernel.kind, Rootfs.kind, Image.kind: return built(address)
    default: return []
    }
  }

  private func place(_ words: String, _ value: Located<some Sendable>) -> Account.Place {
    Account.Place(words: words, location: value.location)
  }

  private func machine(_ name: String) -> VirtualMachineSpec? { manifest.virtualMachine(named: name) }

  private func disk(_ name: String) -> [Account.Place] {
    let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
    guard let machine = parts.first.flatMap(machine) else { return [] }
    if parts.count > 1 {
      return machine.disks.filter { $0.label.value == parts[1] }.map {
        place("disk \(parts[1]) of \(parts[0])", $0.label)
      }
    }
    switch machine.root {
    case .own(let own): return [place("the root disk of \(name)", own.label)]
    case .image(let path): return [place("use, of \(name)", path)]
    case .built: return [place("vm \(name)", machine.name)]
    }
  }

  private func tap(_ name: String) -> [Account.Place] {
    for case let vm as VirtualMachine in graph.resources.values {
      guard let index = vm.design.networks.firstIndex(where: { $0.tap.text == name }),
        let machine = machine(vm.name), machine.networks.indices.contains(index)
      else { continue }
      return [Account.Place(words: "networks[\(index)] of \(vm.name)", location: machine.networks[index].location)]
    }
    return []
  }

  private var rules: [Account.Place] {
    manifest.bridges.map { place("bridge \($0.name.value), \($0.policy.value.rawValue)", $0.name) }
      + manifest.flows.enumerated().map { index, flow in
        Account.Place(words: "flows[\(index)], \(flow.from.value) to \(flow.to.value)", location: flow.location)
      }
      + manifest.forwards.enumerated().map { index, forward in
        Account.Place(
          words: "forwards[\(index)], port \(forward.hostPort.value) to \(forward.to.value)", location: forward.location
        )
      }
  }

  /// What is made of it is asked for by the VMs that have it.
  private func built(_ address: ResourceAddress) -> [Account.Place] {
    manifest.virtualMachines.compactMap { machine in
      let vm = ResourceAddress(kind: VirtualMachine.kind, name: machine.name.value)
      guard graph.dependencies[vm]?.contains(address) == true else { return nil }
      let name = machine.name.value
      if address.kind == Kernel.kind, let kernel = machine.kernel { return place("kernel of \(name)", kernel) }
      switch machine.root {
      case .built(let distribution):
        let words = "\(distribution.distribution.value.rawValue) \(distribution.release.value) of \(name)"
        return place(words, address.kind == Image.kind ? machine.name : distribution.release)
      case .image(let path): return place("use, of \(name)", path)
      case .own: return place("vm \(name)", machine.name)
      }
    }
  }
}
