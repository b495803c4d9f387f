/// Dependence seen from below: what stands on what. Made once for all questions.
struct Standing {
  private let reversed: [ResourceAddress: [ResourceAddress]]

  /// - Parameter edges: what each resource stands on.
  init(_ edges: [ResourceAddress: Set<ResourceAddress>]) {
    var reversed: [ResourceAddress: [ResourceAddress]] = [:]
    for (from, dependencies) in edges {
      for to in dependencies { reversed[to, default: []].append(from) }
    }
    self.reversed = reversed
  }

  /// Everything that stands on the address, directly or not.
  func standing(on address: ResourceAddress) -> Set<ResourceAddress> {
    var found: Set<ResourceAddress> = []
    var open = reversed[address] ?? []
    while let next = open.popLast() {
      guard found.insert(next).inserted else { continue }
      open.append(contentsOf: reversed[next] ?? [])
    }
    return found
  }
}
