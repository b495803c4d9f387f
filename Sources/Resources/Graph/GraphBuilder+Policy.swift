import Diagnostics
import Host
import Manifest
import Network

extension GraphBuilder {
  /// Who may reach whom, as it follows from the manifest.
  func policy() -> FilterPolicy {
    let interfaces = InterfaceDesigner(manifest: manifest, naming: naming)
    return FilterPolicy(
      scope: scope, bridges: manifest.bridges.map(addressed),
      taps: manifest.virtualMachines.flatMap { machine in
        zip(machine.networks, interfaces.interfaces(of: machine)).map { network, interface in
          FilterPolicy.Tap(
            link: interface.tap, vm: machine.name.value, bridge: network.bridge.value, mac: interface.mac,
            addresses: interface.addresses.map(\.address), allowedSources: network.allowedSources.map(\.value))
        }
      }, flows: manifest.flows.enumerated().map(flow), forwards: forwards())
  }

  private func addressed(_ bridge: BridgeSpec) -> FilterPolicy.Bridge {
    var policy = policy(of: bridge)
    policy.addresses = bridge.hostAddresses.map(\.value)
    return policy
  }

  /// Each to one address of its VM of a family: that by which answers to others get back, else the first.
  func forwards() -> [FilterPolicy.Forward] {
    let designer = InterfaceDesigner(manifest: manifest, naming: naming)
    return manifest.forwards.enumerated().map { place, forward in
      let written = forward.address?.value
      let interfaces = manifest.virtualMachine(named: forward.to.value).map(designer.interfaces) ?? []
      let families = written.map { [$0.family] } ?? IPAddress.Family.allCases
      let targets = families.compactMap { family in
        let leading = interfaces.filter { $0.gateways.contains { $0.family == family } }
        return (leading + interfaces).lazy.flatMap(\.addresses).map(\.address).first { $0.family == family }
      }
      return FilterPolicy.Forward(
        name: "forwards[\(place)]", transport: forward.transport, hostPort: forward.hostPort.value,
        address: written.flatMap { $0.value == 0 ? nil : $0 },
        targets: targets, port: forward.port.value)
    }
  }

  private func flow(_ place: Int, _ flow: FlowSpec) -> FilterPolicy.Flow {
    FilterPolicy.Flow(
      name: "flows[\(place)]", from: .init(flow.from.value), to: .init(flow.to.value),
      ports: flow.ports.map(\.value))
  }

  private func policy(of bridge: BridgeSpec) -> FilterPolicy.Bridge {
    FilterPolicy.Bridge(
      name: bridge.name.value, link: linkName(of: bridge), isOurs: bridge.isCreated,
      policy: .init(bridge.policy.value), allowedPorts: bridge.allowedPorts.map(\.value),
      allowedIPs: bridge.allowedIPs.map(\.value), allowsICMP: bridge.allowsICMP?.value ?? true,
      hidesHostFromPing: bridge.allowsICMP == nil && bridge.policy.value == .isolated,
      hasOpenPeers: bridge.peers.value == .open, servesNames: bridge.servesNames)
  }
}

extension FilterPolicy.End {
  fileprivate init(_ endpoint: Endpoint) {
    self =
      switch endpoint {
      case .world: .world
      case .host: .host
      case .bridge(let name): .bridge(name)
      case .virtualMachine(let name): .machine(name)
      case .prefix(let prefix): .prefix(prefix)
      }
  }
}

extension FilterPolicy.BridgePolicy {
  fileprivate init(_ policy: BridgeSpec.Policy) {
    self =
      switch policy {
      case .hostAccess: .hostAccess
      case .isolated: .isolated
      case .nat: .nat
      case .routed: .routed
      case .open: .open
      }
  }
}
