/// What a change does to those who use the constellation, from nothing to the worst.
package enum Disruption: String, Hashable, Sendable, CaseIterable, Comparable {
  case none
  /// Nothing notices.
  case live
  /// A service inside or beside the resource restarts.
  case reload
  /// The VM reboots; its disks are kept.
  case restart
  /// The root disk starts anew: what was written on it is lost.
  case rebuild
  /// A data disk goes.
  case dataLoss = "data-loss"

  package static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// The difference between an observed resource and the desired one, and how it is made to vanish.
package struct Change: Sendable {
  package var verb: Verb
  /// For people; sorted by path. Code never reads them.
  package var reasons: [Reason]
  package var disruption: Disruption
  /// Run in order, before `setUp` unless `order` says otherwise.
  package var tearDown: [any Action]
  package var setUp: [any Action]
  package var order: Order
  /// What forbids it; a plan with an obstacle is not applied.
  package var obstacle: Obstacle?

  /// It is made beside what is there and disturbs nothing: whatever stands on it is torn down only once it is done, so
  /// that a build that fails leaves everything running. Such a change has no `tearDown`.
  package var isPreparation: Bool

  package enum Verb: String, Hashable, Sendable, CaseIterable {
    case create, update, replace, delete
  }

  package enum Order: Hashable, Sendable {
    /// The old goes before the new comes.
    case tearDownFirst
    /// `setUp` runs before anything that stands on the resource is torn down, `tearDown` after all of it is.
    case setUpFirst
  }

  /// Why a change cannot be made.
  package enum Obstacle: Hashable, Sendable {
    /// It is marked `protect`.
    case isProtected
    /// The disk would become smaller: from, to.
    case shrinks(from: String, to: String)
    /// What it would become holds no snapshots, and it has so many.
    case holdsSnapshots(Int)
    /// It must exist already and does not: "bridge br0".
    case missing(String)
    /// Programs that make it are not installed.
    case missingPrograms([String])
    /// This machine's kernel does not run the programs that make it, which are of this architecture.
    case foreignPrograms(String)
    /// This machine's kernel does not offer these controllers of cgroup v2.
    case missingControllers([String])
    /// Something stands in its place that is not ours.
    case notOurs(String)
  }

  package init(
    _ verb: Verb, reasons: [Reason] = [], disruption: Disruption, tearDown: [any Action] = [],
    setUp: [any Action] = [], order: Order = .tearDownFirst, obstacle: Obstacle? = nil,
    isPreparation: Bool = false
  ) {
    self.verb = verb
    self.reasons = reasons
    self.disruption = disruption
    self.tearDown = tearDown
    self.setUp = setUp
    self.order = order
    self.obstacle = obstacle
    self.isPreparation = isPreparation
  }
}

/// One attribute that differs.
package struct Reason: Hashable, Sendable, Comparable {
  /// The attribute as a person knows it from the manifest: `memory`, `networks[0].ip_addr`, `file etc/motd`.
  package var path: String
  /// nil where there was none.
  package var before: String?
  /// nil where there will be none.
  package var after: String?

  package init(_ path: String, before: String?, after: String?) {
    self.path = path
    self.before = before
    self.after = after
  }

  package static func < (a: Self, b: Self) -> Bool {
    if a.path != b.path { return a.path < b.path }
    return (a.before ?? "", a.after ?? "") < (b.before ?? "", b.after ?? "")
  }

  /// One reason for each key whose value differs, sorted by key.
  package static func differences(from before: [String: String], to after: [String: String]) -> [Reason] {
    var reasons: [Reason] = []
    for (key, value) in before where after[key] != value {
      reasons.append(Reason(key, before: value, after: after[key]))
    }
    for (key, value) in after where before[key] == nil { reasons.append(Reason(key, before: nil, after: value)) }
    return reasons.sorted()
  }
}
