import Diagnostics

extension Manifest {
  /// A flow has one of ours on one of its sides, and VMs that are named have an address.
  func checkFlows(besides unsound: Set<String>, _ faults: inout Diagnostics) {
    for flow in flows where flow.from.value.isOutside && flow.to.value.isOutside {
      faults.error(
        "neither side of this flow is a virtual machine, a bridge or an address", at: flow.location,
        remedy: "meros filters what its virtual machines send and get: name one")
    }
    let silent = Set(virtualMachines.lazy.filter { $0.networks.allSatisfy(\.addresses.isEmpty) }.map(\.name.value))
      .subtracting(unsound)
    guard !silent.isEmpty else { return }
    let ends = flows.flatMap { [$0.from, $0.to] } + expectations.flatMap { [$0.from, $0.to] }
    let names = ends.compactMap { end -> Located<String>? in
      guard case .virtualMachine(let name) = end.value else { return nil }
      return Located(name, at: end.location)
    }
    for name in names + forwards.map(\.to) where silent.contains(name.value) {
      faults.error(
        "\(name.value) has no address", at: name.location, remedy: "give it a network with an ip_addr")
    }
  }
}

extension Endpoint {
  /// None of ours.
  fileprivate var isOutside: Bool {
    switch self {
    case .world, .host: true
    case .bridge, .virtualMachine, .prefix: false
    }
  }
}
