import Diagnostics
import Network

extension Manifest {
  /// Every address lies in its bridge's subnet, is one that a host may have, and is there once.
  func checkAddresses(_ bridges: BridgeTable, _ faults: inout Diagnostics) {
    var owners: [IPAddress: (owner: String, location: SourceLocation)] = [:]
    for bridge in self.bridges {
      for address in bridge.hostAddresses {
        owners[address.value.address] = ("the host on bridge \(bridge.name.value)", address.location)
      }
    }
    for machine in virtualMachines {
      for network in machine.networks {
        let bridge = bridges.sound(network.bridge.value)
        for address in network.addresses {
          if let bridge { Self.check(address, on: bridge, &faults) }
          if let other = owners[address.value.address] {
            faults.error(
              "the address \(address.value.address) is that of \(other.owner) already", at: address.location,
              remedy: "choose another address", related: [.init("first written here", at: other.location)])
          } else {
            owners[address.value.address] = (machine.name.value, address.location)
          }
        }
      }
    }
    for machine in virtualMachines {
      for network in machine.networks {
        guard let bridge = bridges.sound(network.bridge.value) else { continue }
        checkGateways(network, on: bridge) {
          owners[$0] != nil
        } report: {
          faults.append($0)
        }
      }
    }
  }

  private static func check(
    _ address: Located<InterfaceAddress>, on bridge: BridgeSpec, _ faults: inout Diagnostics
  ) {
    let bare = address.value.address
    if let reserved = IPPrefix.notForHosts.first(where: { $0.contains(bare) }) {
      faults.error(
        "\(bare) lies in \(reserved), which hosts cannot have", at: address.location, remedy: "choose another address")
      return
    }
    guard let subnet = bridge.hostAddress(bare.family)?.prefix else {
      guard bridge.isCreated else { return }
      let key = bare.family == .v4 ? "subnet" : "subnet6"
      faults.error(
        "\(bare) is in no subnet: bridge \(bridge.name.value) has no \(key)", at: address.location,
        remedy: "give the bridge a \(key), or remove the address",
        related: [.init("the bridge", at: bridge.name.location)])
      return
    }
    if !subnet.contains(bare) {
      faults.error(
        "\(bare) lies outside \(subnet), the subnet of bridge \(bridge.name.value)", at: address.location,
        remedy: "write an address from \(subnet)",
        related: [.init("the bridge", at: bridge.name.location)])
    } else if subnet.length < bare.family.bits - 1 {
      // IPv6 has no broadcast address; its lowest one is every router's (RFC 4291, section 2.6.1).
      if bare == subnet.address {
        faults.error(
          "\(bare) is the address of the subnet \(subnet) itself", at: address.location,
          remedy: "choose another address")
      } else if bare.family == .v4, bare == subnet.last {
        faults.error(
          "\(bare) is the broadcast address of \(subnet)", at: address.location, remedy: "choose another address")
      }
    }
  }

  /// A gateway is another's address in reach of the interface, one per family.
  private func checkGateways(
    _ network: NetworkSpec, on bridge: BridgeSpec, isTaken: (IPAddress) -> Bool, report: (Diagnostic) -> Void
  ) {
    var seen: [IPAddress.Family: SourceLocation] = [:]
    for gateway in network.gateways ?? [] {
      let address = gateway.value
      let reach = network.addresses.map(\.value.prefix) + bridge.hostAddresses.map(\.value.prefix)
      if let first = seen[address.family] {
        report(
          Diagnostic(
            .error, "a second gateway for one family", at: gateway.location, remedy: "leave out one of the two",
            related: [.init("the first", at: first)]))
      } else if network.addresses.contains(where: { $0.value.address == address }) {
        report(
          Diagnostic(
            .error, "the gateway \(address) is the interface's own address", at: gateway.location,
            remedy: "write the address of the host or of a virtual machine that routes, or none"))
      } else if !reach.contains(where: { $0.contains(address) }) {
        report(
          Diagnostic(
            .error, "the gateway \(address) is not in the subnet of bridge \(bridge.name.value)", at: gateway.location,
            remedy: "write the address of the host or of a virtual machine on that bridge, or none"))
      } else if bridge.isCreated, !isTaken(address) {
        report(
          Diagnostic(
            .warning, "nobody has the gateway's address \(address)", at: gateway.location,
            remedy: "write the address of the host or of a virtual machine on that bridge, or none"))
      }
      seen[address.family] = gateway.location
    }
  }
}
