import Reconcile

/// What a plan does to each resource.
struct Fates {
  private var fates: [ResourceAddress: Diagram.Fate] = [:]
  /// What only the host has by now and is shown all the same, sorted.
  private(set) var departing: [ResourceAddress] = []
  /// Why, for people: the attributes that differ.
  private(set) var reasons: [ResourceAddress: [Reason]] = [:]

  /// - Parameter plan: nil: none is shown.
  init(_ plan: Plan?, besides graph: ResourceGraph) {
    guard let plan else { return }
    for pending in plan.pending {
      fates[pending.address] = .pending
      reasons[pending.address] = pending.reasons
    }
    for kept in plan.kept { fates[kept.address] = .kept }
    for planned in plan.changes {
      fates[planned.address] = .change(planned.change.verb, planned.change.disruption)
      reasons[planned.address] = planned.change.reasons
    }
    departing = fates.keys.filter { graph.resources[$0] == nil }.sorted()
  }

  subscript(address: ResourceAddress) -> Diagram.Fate? { fates[address] }

  /// One line for each attribute that differs; where something is made there is nothing to compare.
  func words(of address: ResourceAddress) -> [String] {
    guard let fate = fates[address] else { return [] }
    guard case .change(let verb, let disruption) = fate else { return [fate.meaning] }
    let head = verb == .create ? "to \(verb.meaning)" : "to \(verb.meaning): \(disruption.meaning)"
    guard verb != .create else { return [head] }
    return [head]
      + (reasons[address] ?? []).prefix(12).map(\.words)
  }
}
