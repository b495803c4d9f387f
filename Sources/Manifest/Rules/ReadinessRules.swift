import Diagnostics

extension Manifest {
  /// A VM that is asked over the network whether it is ready has an address.
  func checkReadiness(besides unsound: Set<String>, _ faults: inout Diagnostics) {
    for machine in virtualMachines where machine.readiness.isOverNetwork {
      guard machine.networks.allSatisfy(\.addresses.isEmpty), !unsound.contains(machine.name.value) else { continue }
      faults.error(
        "\(machine.name.value) has no address at which it could be asked whether it is ready",
        at: machine.readiness.location,
        remedy: "give it a network with an ip_addr, or write ready: none or {console: TEXT}",
        related: [.init("the virtual machine", at: machine.name.location)])
    }
  }
}

extension ReadinessSpec {
  fileprivate var isOverNetwork: Bool {
    switch probe {
    case .ssh, .tcp: true
    case .console, .none: false
    }
  }
}
