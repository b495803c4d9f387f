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
    // Numbers are as sorted as the addresses that they stand for, and faster to look up.
    let numbers = [ResourceAddress: Int](uniqueKeysWithValues: zip(addresses, addresses.indices))
    let below = addresses.map { dependencies[$0, default: []].compactMap { numbers[$0] }.sorted() }
    var order: [ResourceAddress] = []
    order.reserveCapacity(addresses.count)
    // nil: not seen yet.
    var isDone = [Bool?](repeating: nil, count: addresses.count)
    for root in addresses.indices where isDone[root] == nil {
      var path: [(number: Int, next: Int)] = [(root, 0)]
      isDone[root] = false
      while let (number, next) = path.last {
        guard next < below[number].count else {
          isDone[number] = true
          order.append(addresses[number])
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let further = below[number][next]
        if isDone[further] == false {
          throw GraphError.circle((path.map(\.number).drop { $0 != further } + [further]).map { addresses[$0] })
        }
        if isDone[further] == nil {
          isDone[further] = false
          path.append((further, 0))
        }
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
