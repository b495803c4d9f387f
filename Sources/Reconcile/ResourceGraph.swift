/// All that should exist of one constellation.
package struct ResourceGraph: Sendable {
  package let resources: [ResourceAddress: any Resource]
  /// What each stands on, also what the graph does not hold.
  package let dependencies: [ResourceAddress: Set<ResourceAddress>]
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
    let sorted = byAddress.sorted { $0.key < $1.key }
    try Self.checkClaims(of: sorted)
    self.resources = byAddress
    dependencies = byAddress.mapValues(\.dependencies)
    order = try Self.order(of: sorted.map(\.key), dependencies)
  }

  private init() {
    resources = [:]
    dependencies = [:]
    order = []
  }

  /// Nothing should exist: what `destroy` wants.
  package static let empty = ResourceGraph()

  /// The addresses and all that they stand on, those that the graph holds.
  package func closure(of addresses: Set<ResourceAddress>) -> Set<ResourceAddress> {
    var found: Set<ResourceAddress> = []
    var open = Array(addresses)
    while let address = open.popLast() {
      guard let below = dependencies[address], found.insert(address).inserted else { continue }
      open.append(contentsOf: below)
    }
    return found
  }

  /// `addresses` are sorted. Depth first, with a stack of its own: a chain of `depends_on` may be long.
  private static func order(
    of addresses: [ResourceAddress], _ dependencies: [ResourceAddress: Set<ResourceAddress>]
  ) throws(GraphError) -> [ResourceAddress] {
    var order: [ResourceAddress] = []
    var isDone: [ResourceAddress: Bool] = [:]
    for root in addresses where isDone[root] == nil {
      var path: [(address: ResourceAddress, rest: [ResourceAddress])] = []
      func enter(_ address: ResourceAddress) {
        isDone[address] = false
        let below = dependencies[address] ?? []
        path.append((address, below.filter(dependencies.keys.contains).sorted(by: >)))
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

  private static func checkClaims(
    of resources: [(key: ResourceAddress, value: any Resource)]
  ) throws(GraphError) {
    var exact: [Claim: ResourceAddress] = [:]
    var subnets: [(Claim, ResourceAddress)] = []
    for (address, resource) in resources {
      for claim in resource.claims {
        if let holder = exact.updateValue(address, forKey: claim) {
          throw GraphError.claimedTwice(claim, by: holder, and: address)
        }
        guard claim.isRange else { continue }
        if let (_, holder) = subnets.first(where: { $0.0.conflicts(with: claim) }) {
          throw GraphError.claimedTwice(claim, by: holder, and: address)
        }
        subnets.append((claim, address))
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
