import Host
package import Reconcile

/// How long the builds of a plan take, going by what was built before and is in the store still.
package struct BuildEstimates: Hashable, Sendable {
  /// Of each built thing of the plan that is like something in the store; of a thing made anew, all of it.
  package private(set) var durations: [ResourceAddress: Duration] = [:]
  /// From the first to the last, where what does not stand on one another is built side by side.
  package private(set) var total: Duration = .zero
  /// There is something to build of which nothing is known.
  package private(set) var isPartial = false

  package static let none = BuildEstimates()

  private init() {}

  package init(of plan: Plan, from observation: Observation, to graph: ResourceGraph) {
    let built = plan.changes.filter { $0.change.isBuild }.map(\.address)
    if built.isEmpty { return }
    let known = Self.known(observation)
    var ends: [ResourceAddress: Duration] = [:]
    for address in built {
      guard let resource = graph.resources[address] as? any BuiltResource else { continue }
      let duration = known[Likeness(of: resource.recipe)]?.median
      durations[address] = duration
      if duration == nil { isPartial = true }
      let below = graph.dependencies[address, default: []].compactMap { ends[$0] }.max() ?? .zero
      ends[address] = below + (duration ?? .zero)
    }
    total = ends.values.max() ?? .zero
  }

  private static func known(_ observation: Observation) -> [Likeness: [Duration]] {
    var known: [Likeness: [Duration]] = [:]
    for (address, observed) in observation.resources where StoreKind(rawValue: address.kind) != nil {
      guard let entry = observed.value as? StoreEntry else { continue }
      known[Likeness(of: entry), default: []].append(entry.duration)
    }
    return known
  }
}

/// What takes about as long: the same distribution and release, say, or the same kernel.
private struct Likeness: Hashable {
  var kind: StoreKind
  var label: Substring
  /// Packages on a base, and not the base.
  var isLayer: Bool

  init(of entry: StoreEntry) { self.init(entry.kind, entry.name, entry.standsOn) }

  init(of recipe: Recipe) { self.init(recipe.kind, recipe.name, recipe.standsOn) }

  private init(_ kind: StoreKind, _ name: String, _ standsOn: Set<StoreAddress>) {
    self.kind = kind
    // A name ends with a hyphen and the fingerprint's first 12 digits.
    label = name.dropLast(13)
    isLayer = !standsOn.isEmpty
  }
}

extension Change {
  fileprivate var isBuild: Bool { setUp.contains { $0 is BuildEntry } }
}

extension [Duration] {
  /// nil of none.
  fileprivate var median: Duration? { isEmpty ? nil : sorted()[count / 2] }
}
