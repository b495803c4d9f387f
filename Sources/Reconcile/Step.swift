/// Half a change: all its tear-down actions, or all its set-up actions, in order.
package struct Step: Sendable {
  package let id: Identity
  package let actions: [any Action]
  /// What must be done before.
  package let waits: Set<Identity>

  package struct Identity: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let address: ResourceAddress
    package let half: Half

    package init(_ address: ResourceAddress, _ half: Half) {
      self.address = address
      self.half = half
    }

    package var description: String { "\(half == .tearDown ? "tear down" : "set up") \(address)" }

    package static func < (a: Self, b: Self) -> Bool {
      a.address == b.address ? a.half == .tearDown && b.half == .setUp : a.address < b.address
    }
  }

  package enum Half: Hashable, Sendable {
    case tearDown, setUp
  }
}

extension Step {
  /// The steps of the changes, each with what it waits for; in the order of the changes, tear-downs from the top down.
  ///
  /// The only waits: tear down A before what A stands on; tear down A before setting A up (the other way round where
  /// the change says so); set A up after what it depends on; set up what claims something after the tear-down that
  /// releases it; nothing that stands on a resource that is set up first is torn down before that is done; and nothing is
  /// torn down before what is prepared for its successor.
  static func schedule(_ changes: [PlannedChange], from observation: Observation, to graph: ResourceGraph) -> [Step] {
    var waits: [Identity: Set<Identity>] = [:]
    let tornDown = Set(changes.filter { !$0.change.tearDown.isEmpty }.map(\.address))
    let setUp = Set(changes.filter { !$0.change.setUp.isEmpty }.map(\.address))
    let releases = Releases(changes.filter { tornDown.contains($0.address) })

    let observed = observation.resources.mapValues(\.dependencies)
    let above = Reach(setUp, graph.dependencies)
    let below = Reach(tornDown, observed)
    lazy var desiredStanding = Standing(graph.dependencies)
    lazy var observedStanding = Standing(observed)
    for planned in changes {
      let address = planned.address
      let (down, up) = (Identity(address, .tearDown), Identity(address, .setUp))
      if setUp.contains(address) {
        for dependency in above.nearest(from: address) {
          waits[up, default: []].insert(Identity(dependency, .setUp))
        }
        for holder in releases.holders(of: planned.newClaims) where holder != address {
          waits[up, default: []].insert(Identity(holder, .tearDown))
        }
      }
      if tornDown.contains(address) {
        for dependency in below.nearest(from: address) {
          waits[Identity(dependency, .tearDown), default: []].insert(down)
        }
      }
      guard tornDown.contains(address), setUp.contains(address) else { continue }
      switch planned.change.order {
      case .tearDownFirst: waits[up, default: []].insert(down)
      case .setUpFirst: waits[down, default: []].insert(up)
      }
    }
    for first in changes where first.change.order == .setUpFirst && setUp.contains(first.address) {
      for address in observedStanding.standing(on: first.address) where tornDown.contains(address) {
        waits[Identity(address, .tearDown), default: []].insert(Identity(first.address, .setUp))
      }
    }
    for preparation in changes where preparation.change.isPreparation && setUp.contains(preparation.address) {
      for address in desiredStanding.standing(on: preparation.address) where tornDown.contains(address) {
        waits[Identity(address, .tearDown), default: []].insert(Identity(preparation.address, .setUp))
      }
    }
    return steps(of: changes, waits)
  }

  private static func steps(of changes: [PlannedChange], _ waits: [Identity: Set<Identity>]) -> [Step] {
    let downs = changes.reversed().map { (Identity($0.address, .tearDown), $0.change.tearDown) }
    let ups = changes.map { (Identity($0.address, .setUp), $0.change.setUp) }
    return (downs + ups).compactMap { id, actions in
      actions.isEmpty ? nil : Step(id: id, actions: actions, waits: waits[id] ?? [])
    }
  }
}

/// Who lets go of what.
private struct Releases {
  private var exact: [Claim: [ResourceAddress]] = [:]
  private var ranges: [(Claim, ResourceAddress)] = []

  init(_ changes: [PlannedChange]) {
    for planned in changes {
      for claim in planned.releasedClaims {
        if claim.isRange {
          ranges.append((claim, planned.address))
        } else {
          exact[claim, default: []].append(planned.address)
        }
      }
    }
  }

  func holders(of claims: Set<Claim>) -> [ResourceAddress] {
    claims.flatMap { claim in
      claim.isRange
        ? ranges.filter { $0.0.conflicts(with: claim) }.map(\.1)
        : exact[claim] ?? []
    }
  }
}
