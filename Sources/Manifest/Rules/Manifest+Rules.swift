import Diagnostics

extension Manifest {
  /// The rules about what stands in different places.
  /// - Parameter unsound: names of VMs with faults of their own, which may have lost their addresses by them.
  func checkRules(_ bridges: BridgeTable, besides unsound: Set<String>, _ faults: inout Diagnostics) {
    checkReferences(&faults)
    checkDependencies(&faults)
    checkSubnets(&faults)
    checkAddresses(bridges, &faults)
    checkMACs(&faults)
    checkLabels(&faults)
    checkFlows(besides: unsound, &faults)
    checkForwards(&faults)
    checkReadiness(besides: unsound, &faults)
  }
}
