/// All that should exist of one constellation.
package struct ResourceGraph: Sendable {
  package let resources: [ResourceAddress: any Resource]
  /// Every address, each after all that it depends on; otherwise by name.
  package let order: [ResourceAddress]

  /// Throws when two resources have one address or claim the same thing, or stand on each other.
  package init(_ resources: [any Resource]) throws(GraphError) {
    var byAddress: [ResourceAddress: any Resource] = [:]
    for resource in resources {
      guard byAddress.updateValue(resource, forKey: resource.address) == nil else {
        throw GraphError.duplicate(resource.address)
      }
    }
    try Self.checkClaims(of: resources)
    self.resources = byAddress
    self.order = try Self.order(of: byAddress)
  }

  private init() {
    resources = [:]
    order = []
  }

  /// Nothing should exist: what `destroy` wants.
  package static let empty = ResourceGraph()

  /// The addresses and all that they stand on, those that the graph holds.
  package func closure(of addresses: Set<ResourceAddress>) -> Set<ResourceAddress> {
    var found: Set<ResourceAddress> = []
    var open = Array(addresses)
    while let address = open.popLast() {
      guard let resource = resources[address], found.insert(address).inserted else { continue }
      open.append(contentsOf: resource.dependencies)
    }
    return found
  }

  /// Depth first, with a stack of its own: a chain of `depends_on` may be long.
  private static func order(
    of resources: [ResourceAddress: any Resource]
  ) throws(GraphError) -> [ResourceAddress] {
    var order: [ResourceAddress] = []
    var isDone: [ResourceAddress: Bool] = [:]
    for root in resources.keys.sorted() where isDone[root] == nil {
      var path: [(address: ResourceAddress, rest: [ResourceAddress])] = []
      func enter(_ address: ResourceAddress) {
        isDone[address] = false
        let dependencies = resources[address]?.dependencies ?? []
        path.append((address, dependencies.filter { resources[$0] != nil }.sorted(by: >)))
      }
      enter(root)
      while let last = path.indices.last {
        guard let next = path[last].rest.popLast() else {
          isDone[path[last].address] = true
          order.append(path.removeLast().address)
          continue
        }
        if isDone[next] == false {
          throw GraphError.circle(path.map(\.address).drop { $0 != next } + [next])
        }
        if isDone[next] == nil { enter(next) }
      }
    }
    return order
  }

  private static func checkClaims(of resources: [any Resource]) throws(GraphError) {
    var exact: [Claim: ResourceAddress] = [:]
    var subnets: [(Claim, ResourceAddress)] = []
    for resource in resources.sorted(by: { $0.address < $1.address }) {
      for claim in resource.claims {
        if let holder = exact.updateValue(resource.address, forKey: claim) {
          throw GraphError.claimedTwice(claim, by: holder, and: resource.address)
        }
        guard claim.isRange else { continue }
        if let (_, holder) = subnets.first(where: { $0.0.conflicts(with: claim) }) {
          throw GraphError.claimedTwice(claim, by: holder, and: resource.address)
        }
        subnets.append((claim, resource.address))
      }
    }
  }
}

package enum GraphError: Error, Equatable, Sendable {
  case duplicate(ResourceAddress)
  case claimedTwice(Claim, by: ResourceAddress, and: ResourceAddress)
  /// The first stands at the end once more.
  case circle([ResourceAddress])
}

extension Claim {
  /// Two unequal claims of this form may still conflict.
  var isRange: Bool {
    switch self {
    case .subnet, .port: true
    case .link, .table, .path: false
    }
  }
}
