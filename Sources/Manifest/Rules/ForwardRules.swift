import Diagnostics
import Network

extension Manifest {
  /// A port of the host leads to one VM, which has an address of that family.
  func checkForwards(_ faults: inout Diagnostics) {
    guard !forwards.isEmpty else { return }
    struct Port: Hashable {
      var transport: TransportProtocol
      var number: UInt16
    }
    var seen: [Port: [ForwardSpec]] = [:]
    let machines = Dictionary(virtualMachines.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
    for forward in forwards {
      let port = Port(transport: forward.transport, number: forward.hostPort.value)
      if let other = seen[port]?.first(where: { $0.listensBeside(forward) }) {
        faults.error(
          "the host's port \(port.number)/\(port.transport.rawValue) is forwarded twice", at: forward.hostPort.location,
          remedy: "choose another port, or give each an address of its own",
          related: [.init("first forwarded here", at: other.hostPort.location)])
      }
      seen[port, default: []].append(forward)
      Self.checkFamily(of: forward, machines[forward.to.value], &faults)
      checkLoopback(of: forward, machines[forward.to.value], &faults)
    }
  }

  /// The kernel lets nothing from ::1 leave the host, and what comes from 127.0.0.1 only by a bridge that says so.
  private func checkLoopback(
    of forward: ForwardSpec, _ machine: VirtualMachineSpec?, _ faults: inout Diagnostics
  ) {
    guard let address = forward.address else { return }
    let loopback: UInt128 = 127
    let isLoopback4 = address.value.family == .v4 && address.value.value >> 24 == loopback
    if address.value.isLoopback6 {
      faults.error(
        "nothing can lead from ::1 to a virtual machine: the kernel keeps what is sent there", at: address.location,
        remedy: "write 127.0.0.1, another address of the host, or none for all of them")
    } else if isLoopback4,
      let network = machine?.networks.first(where: { $0.addresses.contains { $0.value.address.family == .v4 } }),
      let bridge = bridges.first(where: { $0.name.value == network.bridge.value }), !bridge.isCreated
    {
      faults.error(
        "nothing can lead from \(address.value) to a bridge that is somebody else's, as \(bridge.name.value) is",
        at: address.location,
        remedy: "write another address of the host, or none for all of them",
        related: [.init("auto_create is false here", at: bridge.name.location)])
    }
  }

  private static func checkFamily(
    of forward: ForwardSpec, _ machine: VirtualMachineSpec?, _ faults: inout Diagnostics
  ) {
    guard let address = forward.address, let machine else { return }
    // Told already, and no address of the VM would help.
    if address.value.isLoopback6 { return }
    let addresses = machine.networks.flatMap(\.addresses)
    let family = address.value.family
    if !addresses.isEmpty, !addresses.contains(where: { $0.value.address.family == family }) {
      faults.error(
        "\(machine.name.value) has no \(family == .v4 ? "IPv4" : "IPv6") address to lead to", at: address.location,
        remedy: "write an address of the other family, or give the virtual machine one")
    }
  }
}

extension IPAddress {
  /// ::1
  fileprivate var isLoopback6: Bool { family == .v6 && value == 1 }
}

extension ForwardSpec {
  /// Some packet would be for both.
  fileprivate func listensBeside(_ other: ForwardSpec) -> Bool {
    guard let address = address?.value, let another = other.address?.value else { return true }
    guard address.family == another.family else { return false }
    return address == another || address.value == 0 || another.value == 0
  }
}
