package import Host
package import Reconcile

/// A key pair: the constellation's own, or the identity of a VM's ssh server.
package struct Key: Resource {
  package var use: KeyUse
  package var scope: Scope

  package init(_ use: KeyUse, of scope: Scope) {
    self.use = use
    self.scope = scope
  }

  package static let kind = "key"
  package var name: String { use.name }
  package var dependencies: Set<ResourceAddress> { [] }

  package struct Observed: Equatable, Sendable {
    package var key: ObservedKey
    package var scope: Scope

    package init(key: ObservedKey, scope: Scope) {
      self.key = key
      self.scope = scope
    }
  }

  package static func observe(_ scope: Scope, on host: Host) async throws(HostError) -> [String: Observed] {
    let keys = try await host.keys.keys(of: scope.constellation)
    return [String: Observed](keys.map { ($0.use.name, Observed(key: $0, scope: scope)) }) { first, _ in first }
  }

  package static func change(
    _ name: String, from observed: Observed?, to desired: Key?, under circumstances: Circumstances
  ) -> Change? {
    switch (observed, desired) {
    case (nil, nil): return nil
    case (nil, let desired?):
      return Change(.create, disruption: .none, setUp: [EnsureKey(key: desired)])
    case (let observed?, nil):
      return Change(
        .delete, disruption: .live, tearDown: [RemoveKey(key: Key(observed.key.use, of: observed.scope))])
    case (let observed?, let desired?):
      if observed.key.publicKey == nil || circumstances.isForced {
        let reason =
          circumstances.isForced
          ? Reason("requested", before: nil, after: "replace") : Reason("pair", before: "incomplete", after: "whole")
        // The guest knows the old one until it boots anew.
        return Change(
          .replace, reasons: [reason], disruption: .restart, tearDown: [RemoveKey(key: desired)],
          setUp: [EnsureKey(key: desired)])
      }
      guard !observed.key.isPinned else { return nil }
      return Change(
        .update, reasons: [Reason("known_hosts", before: nil, after: "pinned")], disruption: .live,
        setUp: [EnsureKey(key: desired)])
    }
  }
}

struct EnsureKey: Action {
  var key: Key

  var description: String { "create key \(key.name)" }

  func perform(on host: Host) async throws(HostError) {
    try await host.keys.ensure(key.use, of: key.scope.constellation)
  }
}

struct RemoveKey: Action {
  var key: Key

  var description: String { "delete key \(key.name)" }

  func perform(on host: Host) async throws(HostError) {
    try await host.keys.remove(key.use, of: key.scope.constellation)
  }
}
