/// Dependence between resources, seen through those that have no step of the half in question.
struct Reach {
  private let marked: Set<ResourceAddress>
  private let edges: [ResourceAddress: Set<ResourceAddress>]

  /// - Parameters:
  ///   - marked: the addresses that have a step.
  ///   - edges: what each resource stands on, also those that do not change.
  init(_ marked: Set<ResourceAddress>, _ edges: [ResourceAddress: Set<ResourceAddress>]) {
    self.marked = marked
    self.edges = edges
  }

  /// The first marked addresses on every way down from this one.
  func nearest(from start: ResourceAddress) -> Set<ResourceAddress> {
    var found: Set<ResourceAddress> = []
    var seen: Set<ResourceAddress> = []
    var open = Array(edges[start] ?? [])
    while let address = open.popLast() {
      guard seen.insert(address).inserted else { continue }
      if marked.contains(address) {
        found.insert(address)
      } else {
        open.append(contentsOf: edges[address] ?? [])
      }
    }
    return found
  }
}
