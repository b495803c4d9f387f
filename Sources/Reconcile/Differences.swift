/// Each resource compared by itself: the first half of planning, before anything is put in order.
struct Differences {
  private(set) var changes: [PlannedChange] = []
  private(set) var kept: [Kept] = []
  private(set) var pending: [Pending] = []
  private let graph: ResourceGraph
  private let observation: Observation
  private let options: PlanOptions

  init(
    from observation: Observation, to graph: ResourceGraph, kinds: [any Resource.Type], options: PlanOptions
  ) {
    self.graph = graph
    self.observation = observation
    self.options = options
    let byKind = [String: any Resource.Type](kinds.map { ($0.kind, $0) }) { first, _ in first }
    let wanted = options.targets.isEmpty ? nil : options.isNarrow ? options.targets : graph.closure(of: options.targets)

    var renewed: Set<ResourceAddress> = []
    for address in graph.order where wanted?.contains(address) ?? true {
      guard let resource = graph.resources[address] else { continue }
      let circumstances = Circumstances(
        replaced: graph.dependencies[address, default: []].intersection(renewed),
        isForced: options.replacements.contains(address), request: options.requests[address])
      let observed = observation.resources[address]
      let change = Self.change(to: resource, from: observed, circumstances)
      if let found = observed.flatMap({ Self.pending(resource, $0) }), found.stays(besides: change) {
        pending.append(found)
      }
      guard let change else { continue }
      if change.verb == .replace || change.verb == .create || change.disruption >= .restart { renewed.insert(address) }
      append(change, of: address)
    }
    for address in orphans() {
      guard let kind = byKind[address.kind], let observed = observation.resources[address] else { continue }
      if let reason = Self.reasonToKeep(kind, observed),
        reason == .isProtected || !options.deletions.contains(address)
      {
        kept.append(Kept(address, reason))
      } else if let change = Self.removal(kind, address, observed) {
        append(change, of: address)
      }
    }
    deferPreparations()
  }

  /// What would be made for pending resources alone waits with them.
  private mutating func deferPreparations() {
    var waiting = Set(pending.map(\.address))
    guard !waiting.isEmpty else { return }
    let changed = Set(changes.map(\.address))
    let preparations = Set(changes.filter(\.change.isPreparation).map(\.address))
      .subtracting(options.targets).subtracting(options.replacements)
    for address in graph.order.reversed() where preparations.contains(address) {
      let above = Set(graph.dependencies.filter { $0.value.contains(address) }.keys)
      guard !above.isDisjoint(with: waiting), above.subtracting(waiting).isDisjoint(with: changed) else { continue }
      waiting.insert(address)
      changes.removeAll { $0.address == address }
    }
  }

  private mutating func append(_ change: Change, of address: ResourceAddress) {
    let held = observation.resources[address]?.claims ?? []
    let claimed = graph.resources[address]?.claims ?? []
    // A replaced resource lets go of everything in between.
    let isRenewed = change.verb == .replace
    changes.append(
      PlannedChange(
        address: address, change: change,
        releasedClaims: isRenewed ? held : held.subtracting(claimed),
        newClaims: isRenewed ? claimed : claimed.subtracting(held)))
  }

  /// What is there and not desired, each before what it stands on.
  private func orphans() -> [ResourceAddress] {
    var addresses = Set(observation.resources.keys).subtracting(graph.resources.keys)
    if options.isNarrow { return [] }
    if !options.targets.isEmpty { addresses.formIntersection(standing(on: options.targets)) }
    let depths = Dictionary(uniqueKeysWithValues: addresses.map { ($0, depth(of: $0, below: 64)) })
    return addresses.sorted { a, b in
      let (deep, shallow) = (depths[a] ?? 0, depths[b] ?? 0)
      return deep == shallow ? a < b : deep > shallow
    }
  }

  /// How long the longest chain of observed resources is that it stands on; bounded, since a broken mark may name
  /// a circle.
  private func depth(of address: ResourceAddress, below limit: Int) -> Int {
    guard limit > 0, let resource = observation.resources[address] else { return 0 }
    return 1 + (resource.dependencies.map { depth(of: $0, below: limit - 1) }.max() ?? 0)
  }

  /// The addresses and everything observed that stands on them.
  private func standing(on addresses: Set<ResourceAddress>) -> Set<ResourceAddress> {
    var found = addresses
    var grew = true
    while grew {
      let next = observation.resources.filter { !$0.value.dependencies.isDisjoint(with: found) }
      let count = found.count
      found.formUnion(next.keys)
      grew = found.count > count
    }
    return found
  }
}

extension Differences {
  private static func change<Desired: Resource>(
    to desired: Desired, from observed: ObservedResource?, _ circumstances: Circumstances
  ) -> Change? {
    let before = observed?.value as? Desired.Observed
    let change = Desired.change(desired.name, from: before, to: desired, under: circumstances)
    guard circumstances.isForced, let before, change?.verb != .replace else { return change }
    // The kind has no word for it, so: the old goes as if it were not wanted, the new comes as if nothing were there.
    guard let removal = Desired.change(desired.name, from: before, to: nil, under: circumstances),
      let creation = Desired.change(desired.name, from: nil, to: desired, under: circumstances)
    else { return change }
    return Change(
      .replace, reasons: (change?.reasons ?? []) + [Reason("requested", before: nil, after: "replace")],
      disruption: max(removal.disruption, creation.disruption), tearDown: removal.tearDown, setUp: creation.setUp,
      obstacle: change?.obstacle ?? removal.obstacle ?? creation.obstacle)
  }

  private static func removal<Kind: Resource>(
    _ kind: Kind.Type, _ address: ResourceAddress, _ observed: ObservedResource
  ) -> Change? {
    guard let value = observed.value as? Kind.Observed else { return nil }
    return kind.change(address.name, from: value, to: nil, under: Circumstances())
  }

  private static func pending<Desired: Resource>(_ desired: Desired, _ observed: ObservedResource) -> Pending? {
    (observed.value as? Desired.Observed).flatMap { Desired.pending(desired.name, from: $0, to: desired) }
  }

  private static func reasonToKeep<Kind: Resource>(
    _ kind: Kind.Type, _ observed: ObservedResource
  ) -> Kept.Reason? {
    (observed.value as? Kind.Observed).flatMap(kind.reasonToKeep)
  }
}

extension Differences {
  /// Obstacles, what others hold, and addresses that nobody knows.
  func problems(with foreign: [ForeignClaim]) -> [Problem] {
    var problems: [Problem] = []
    let exact = [Claim: ForeignClaim](foreign.map { ($0.claim, $0) }) { first, _ in first }
    let ranges = foreign.filter(\.claim.isRange)
    for planned in changes {
      if let obstacle = planned.change.obstacle { problems.append(.obstacle(planned.address, obstacle)) }
      for claim in planned.newClaims {
        let held = claim.isRange ? ranges.first { $0.claim.conflicts(with: claim) } : exact[claim]
        if let held { problems.append(.claimed(planned.address, held)) }
      }
    }
    for address in options.targets.union(options.replacements).union(options.deletions).sorted()
    where graph.resources[address] == nil && observation.resources[address] == nil
      && !options.departed.contains(address)
    {
      problems.append(.unknown(address))
    }
    return problems
  }
}

extension Pending {
  /// Whether it is still left as it is when this is done.
  fileprivate func stays(besides change: Change?) -> Bool {
    switch cause {
    case .manifest: change?.verb != .replace
    case .isShutDown, .isPaused: change == nil
    }
  }
}
