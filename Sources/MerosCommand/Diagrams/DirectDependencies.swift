import Reconcile
import Resources

/// What things stand on, without what something else of that stands on already. What another VM stands on counts for
/// nothing there: that a VM waits for it says nothing of what the two share.
struct DirectDependencies {
  private let below: [ResourceAddress: Set<ResourceAddress>]

  /// - Parameter below: all that each stands on, also what is not shown.
  init(_ below: [ResourceAddress: Set<ResourceAddress>]) { self.below = below }

  /// Of a graph, and of what is to go as it was observed.
  init(_ graph: ResourceGraph, departing: [ResourceAddress] = [], observation: Observation? = nil) {
    var below = graph.dependencies
    for address in departing { below[address] = observation?.resources[address]?.dependencies ?? [] }
    self.init(below)
  }

  /// Sorted.
  func dependencies(of address: ResourceAddress) -> [ResourceAddress] {
    let own = (below[address] ?? []).filter { below[$0] != nil }
    return own.filter { other in
      !own.contains { $0 != other && $0.kind != VirtualMachine.kind && reaches(other, from: $0) }
    }.sorted()
  }

  /// Sorted.
  func dependents(of address: ResourceAddress) -> [ResourceAddress] {
    below.filter { $0.value.contains(address) }.keys.filter { dependencies(of: $0).contains(address) }.sorted()
  }

  private func reaches(_ to: ResourceAddress, from: ResourceAddress) -> Bool {
    var seen: Set<ResourceAddress> = []
    var open = Array(below[from] ?? [])
    while let next = open.popLast() {
      if next == to { return true }
      if seen.insert(next).inserted { open += below[next] ?? [] }
    }
    return false
  }
}
