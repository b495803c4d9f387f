import Host
import LinuxHost
import Network
import Reconcile
import Resources

/// Says of what became of something whether apply would mend it. It looks at that one thing alone.
struct DriftJudge {
  let host: Host
  let scope: Scope
  let graph: ResourceGraph
  let lock: ConstellationLock

  /// Of what anything is told.
  static let kinds: Set<String> = [Bridge.kind, Tap.kind, Firewall.kind, VirtualMachine.kind]

  struct Verdict: Equatable {
    /// "tap.web-lan"; the name of a link that is no resource: "link eth7"; nil: all of them.
    var address: String?
    var isDrift: Bool
    /// Another meros is at work on the constellation.
    var worker: Int32?
  }

  /// The links that are wanted, with their addresses.
  var links: [LinkName: String] {
    var links: [LinkName: String] = [:]
    for (address, resource) in graph.resources {
      if let bridge = resource as? Bridge { links[bridge.design.name] = "\(address)" }
      if let tap = resource as? Tap { links[tap.design.name] = "\(address)" }
    }
    return links
  }

  func verdict(on event: HostEvent) async throws(HostError) -> Verdict {
    let worker = try lock.holder(of: scope.constellation)
    let (address, differs) = try await difference(event)
    return Verdict(address: address, isDrift: differs && worker == nil, worker: worker)
  }

  private func difference(_ event: HostEvent) async throws(HostError) -> (address: String?, differs: Bool) {
    switch event {
    case .link(let link):
      guard let text = link.address, let address = ResourceAddress(text) else {
        // It carries our group and nobody wants it.
        return ("link \(link.name)", link.fate != .vanished)
      }
      switch address.kind {
      case Bridge.kind: return (text, try await differs(Bridge.self, address.name))
      case Tap.kind: return (text, try await differs(Tap.self, address.name))
      default: return (text, true)
      }
    case .tables:
      let address = ResourceAddress(kind: Firewall.kind, name: scope.constellation)
      return ("\(address)", try await differs(Firewall.self, address.name))
    case .machine(let name, let event):
      let address = ResourceAddress(kind: VirtualMachine.kind, name: name)
      return ("\(address)", try await differs(address, event))
    case .lost: return (nil, false)
    }
  }

  private func differs<R: Resource>(_ kind: R.Type, _ name: String) async throws(HostError) -> Bool {
    let observed = try await R.observe(scope, on: host)[name]
    let desired = graph.resources[ResourceAddress(kind: R.kind, name: name)] as? R
    return R.change(name, from: observed, to: desired, under: Circumstances()) != nil
  }

  /// By what is told alone: a QEMU that tells something may be busy with it for longer than anybody should wait.
  private func differs(_ address: ResourceAddress, _ event: MachineEvent) async throws(HostError) -> Bool {
    let desired = graph.resources[address] as? VirtualMachine
    switch event {
    case .started: return desired == nil
    case .ended:
      let power = try await host.disks.disks(of: scope).first { $0.name == address.name }?.power
      let observed = ObservedVirtualMachine(machine: nil, scope: scope, power: power)
      return VirtualMachine.change(address.name, from: observed, to: desired, under: Circumstances()) != nil
    case .failed: return true
    case .shutDown, .stopped, .resumed, .reset, .poweredDown, .suspended, .wokeUp, .deviceDeleted, .unheard:
      return false
    }
  }
}
