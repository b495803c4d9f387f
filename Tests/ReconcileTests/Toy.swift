import Host
import Network
import Reconcile
import Synchronization

/// What exists in a toy world, and every deed that was done there.
final class World: Sendable {
  private struct State {
    var things: [String: Toy] = [:]
    var deeds: [String] = []
    var refused: Set<String> = []
  }

  private let state = Mutex(State())

  var deeds: [String] { state.withLock { $0.deeds } }
  func refuse(_ deeds: Set<String>) { state.withLock { $0.refused = deeds } }

  fileprivate func perform(_ deed: ToyAction) throws(HostError) {
    let isRefused = state.withLock { state in
      guard !state.refused.contains("\(deed)") else { return true }
      state.deeds.append("\(deed)")
      if deed.isRemoval {
        state.things[deed.toy.name] = nil
      } else {
        state.things[deed.toy.name] = deed.toy
      }
      return false
    }
    if isRefused { throw HostError("\(deed)", .cancelled) }
  }

  func observation(_ scope: Scope) -> Observation {
    let things = state.withLock { $0.things }
    return Observation(
      scope: scope,
      resources: Dictionary(
        uniqueKeysWithValues: things.values.map { toy in
          (toy.address, ObservedResource(value: toy, dependencies: toy.dependencies, claims: toy.claims))
        }))
  }
}

struct ToyAction: Action {
  let toy: Toy
  let isRemoval: Bool

  var description: String { "\(isRemoval ? "remove" : "make") \(toy.name)" }
  func perform(on host: Host) async throws(HostError) { try toy.world.perform(self) }

  static func == (a: Self, b: Self) -> Bool { a.toy == b.toy && a.isRemoval == b.isRemoval }
}

/// A thing with a value, which is changed by removing and making it, unless it changes live.
struct Toy: Resource {
  static let kind = "toy"

  let world: World
  let name: String
  var value = 1
  var dependencies: Set<ResourceAddress> = []
  var claims: Set<Claim> = []
  var isLive = false
  var isFirst = false
  var isPrepared = false

  static func == (a: Self, b: Self) -> Bool {
    a.name == b.name && a.value == b.value && a.dependencies == b.dependencies && a.claims == b.claims
  }

  static func observe(_ scope: Scope, on host: Host) async throws(HostError) -> [String: Toy] { [:] }
  static func dependencies(of observed: Toy) -> Set<ResourceAddress> { observed.dependencies }
  static func claims(of observed: Toy) -> Set<Claim> { observed.claims }

  static func change(_ name: String, from: Toy?, to: Toy?, under circumstances: Circumstances) -> Change? {
    let removal = from.map { [ToyAction(toy: $0, isRemoval: true)] } ?? []
    let creation = to.map { [ToyAction(toy: $0, isRemoval: false)] } ?? []
    switch (from, to) {
    case (nil, nil): return nil
    case (nil, let after?):
      return Change(.create, disruption: .none, setUp: creation, isPreparation: after.isPrepared)
    case (.some, nil): return Change(.delete, disruption: .restart, tearDown: removal)
    case (let before?, let after?):
      guard before != after || !circumstances.replaced.isEmpty else { return nil }
      let reasons = Reason.differences(from: ["value": "\(before.value)"], to: ["value": "\(after.value)"])
      if after.isFirst {
        return Change(
          .update, reasons: reasons, disruption: .live, tearDown: creation, setUp: creation, order: .setUpFirst)
      }
      if after.isLive { return Change(.update, reasons: reasons, disruption: .live, setUp: creation) }
      return Change(.replace, reasons: reasons, disruption: .restart, tearDown: removal, setUp: creation)
    }
  }
}

func toy(_ name: String) -> ResourceAddress { ResourceAddress(kind: "toy", name: name) }
