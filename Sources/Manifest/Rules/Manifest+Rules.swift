import Diagnostics

extension Manifest {
  /// The rules about what stands in different places.
  func checkRules(_ bridges: BridgeTable, _ faults: inout Diagnostics) {
    checkReferences(&faults)
    checkDependencies(&faults)
    checkSubnets(&faults)
    checkAddresses(bridges, &faults)
    checkMACs(&faults)
    checkLabels(&faults)
    checkFlows(&faults)
    checkForwards(&faults)
  }
}
