import Host
import Reconcile
import Synchronization

/// A thing with attributes, which is changed in place, unless changing it costs more than a restart.
struct Toy: Resource {
  static let kind = "toy"

  var name: String
  var attributes: [String: String] = [:]
  var dependencies: Set<ResourceAddress> = []
  var claims: Set<Claim> = []
  /// What changing or deleting it costs.
  var disruption = Disruption.live
  var obstacle: Change.Obstacle?
  var isDataDisk = false

  static func observe(_ scope: Scope, on host: Host) async throws(HostError) -> [String: Toy] {
    ToyWorld.current.things
  }
  static func dependencies(of observed: Toy) -> Set<ResourceAddress> { observed.dependencies }
  static func claims(of observed: Toy) -> Set<Claim> { observed.claims }
  static func reasonToKeep(_ observed: Toy) -> Kept.Reason? { observed.isDataDisk ? .dataDisk : nil }

  static func change(_ name: String, from: Toy?, to: Toy?, under circumstances: Circumstances) -> Change? {
    let reasons = Reason.differences(from: from?.attributes ?? [:], to: to?.attributes ?? [:])
    let removal = from.map { [ToyAction(toy: $0, isRemoval: true)] } ?? []
    let creation = to.map { [ToyAction(toy: $0, isRemoval: false)] } ?? []
    switch (from, to) {
    case (nil, nil): return nil
    case (nil, let toy?):
      return Change(.create, reasons: reasons, disruption: .none, setUp: creation, obstacle: toy.obstacle)
    case (let toy?, nil): return Change(.delete, disruption: toy.disruption, tearDown: removal)
    case (.some, let toy?):
      guard !reasons.isEmpty else { return nil }
      return toy.disruption >= .rebuild
        ? Change(.replace, reasons: reasons, disruption: toy.disruption, tearDown: removal, setUp: creation)
        : Change(.update, reasons: reasons, disruption: toy.disruption, setUp: creation, obstacle: toy.obstacle)
    }
  }
}

struct ToyAction: Action {
  let toy: Toy
  let isRemoval: Bool

  var description: String { "\(isRemoval ? "remove" : "make") \(toy.name)" }

  func perform(on host: Host) async throws(HostError) { try await ToyWorld.current.perform(self, host.progress) }
}

/// What exists, and every deed that was done.
final class ToyWorld: Sendable {
  @TaskLocal static var current = ToyWorld()

  private struct State {
    var things: [String: Toy] = [:]
    var deeds: [String] = []
  }

  private let state = Mutex(State())
  /// Deeds that fail.
  let refused: Set<String>
  /// Deeds that claim to be done and are not.
  let forgotten: Set<String>
  /// Called before each deed.
  let before: @Sendable (String) async -> Void

  init(
    _ things: [Toy] = [], refused: Set<String> = [], forgotten: Set<String> = [],
    before: @escaping @Sendable (String) async -> Void = { _ in }
  ) {
    self.refused = refused
    self.forgotten = forgotten
    self.before = before
    for toy in things { put(toy) }
  }

  var things: [String: Toy] { state.withLock { $0.things } }
  var deeds: [String] { state.withLock { $0.deeds } }

  func put(_ toy: Toy) { state.withLock { $0.things[toy.name] = toy } }

  fileprivate func perform(_ action: ToyAction, _ progress: Progress) async throws(HostError) {
    progress.report(Progress.Report("moving bits", fraction: 0.5))
    await before("\(action)")
    if Task.isCancelled { throw HostError("\(action)", .cancelled) }
    if refused.contains("\(action)") { throw HostError("\(action)", .missing("a screw")) }
    state.withLock { state in
      state.deeds.append("\(action)")
      if !forgotten.contains("\(action)") { state.things[action.toy.name] = action.isRemoval ? nil : action.toy }
    }
  }

  func observation(foreign: [ForeignClaim] = []) -> Observation {
    let resources = things.values.map { toy in
      (toy.address, ObservedResource(value: toy, dependencies: toy.dependencies, claims: toy.claims))
    }
    return Observation(
      scope: .test, resources: Dictionary(uniqueKeysWithValues: resources), foreign: foreign)
  }
}

extension Scope {
  static let test = Scope(constellation: "lab", data: DataIdentity("0123456789abcdef") ?? .zero)
}

extension DataIdentity {
  fileprivate static var zero: DataIdentity { preconditionFailure("sixteen hexadecimal digits are an identity") }
}

func toy(_ name: String) -> ResourceAddress { ResourceAddress(kind: "toy", name: name) }
