package import Host
package import Network

/// All that the host has of one constellation, at one moment.
package struct Observation: Sendable {
  package let scope: Scope
  package let resources: [ResourceAddress: ObservedResource]
  /// What others hold.
  package let foreign: [ForeignClaim]
  /// Others' base chains that packets of ours have to pass.
  package let hookedChains: [HookedChain]

  package init(
    scope: Scope, resources: [ResourceAddress: ObservedResource], foreign: [ForeignClaim] = [],
    hookedChains: [HookedChain] = []
  ) {
    self.scope = scope
    self.resources = resources
    self.foreign = foreign
    self.hookedChains = hookedChains
  }

  /// A host with nothing on it.
  package static func empty(_ scope: Scope) -> Observation { Observation(scope: scope, resources: [:]) }

  /// Looks at the host once, all kinds side by side. What several kinds ask for is read once.
  package init(of kinds: [any Resource.Type], _ scope: Scope, on host: Host) async throws(HostError) {
    let host = host.memoized
    let parts: [Result<Part, HostError>] = await withTaskGroup { group in
      for kind in kinds {
        group.addTask { await Self.observe(kind, scope, on: host) }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    var resources: [ResourceAddress: ObservedResource] = [:]
    var foreign: Set<ForeignClaim> = []
    var chains: [HookedChain] = []
    for part in parts {
      let part = try part.get()
      resources.merge(part.resources) { first, _ in first }
      foreign.formUnion(part.foreign)
      chains += part.chains
    }
    self.init(
      scope: scope, resources: resources, foreign: foreign.sorted { $0.holder < $1.holder }, hookedChains: chains)
  }

  private typealias Part = (
    resources: [ResourceAddress: ObservedResource], foreign: [ForeignClaim], chains: [HookedChain]
  )

  private static func observe<Kind: Resource>(
    _ kind: Kind.Type, _ scope: Scope, on host: Host
  ) async -> Result<Part, HostError> {
    do throws(HostError) {
      var resources: [ResourceAddress: ObservedResource] = [:]
      for (name, value) in try await kind.observe(scope, on: host) {
        let address = ResourceAddress(kind: kind.kind, name: name)
        resources[address] = ObservedResource(
          value: value, dependencies: kind.dependencies(of: value), claims: kind.claims(of: value))
      }
      let foreign = try await kind.foreignClaims(scope, on: host)
      return .success((resources, foreign, try await kind.hookedChains(scope, on: host)))
    } catch {
      return .failure(error)
    }
  }
}

/// One observed resource; `value` is of its kind's `Observed` type.
package struct ObservedResource: Sendable {
  package let value: any Equatable & Sendable
  package let dependencies: Set<ResourceAddress>
  package let claims: Set<Claim>

  package init(
    value: any Equatable & Sendable, dependencies: Set<ResourceAddress> = [], claims: Set<Claim> = []
  ) {
    self.value = value
    self.dependencies = dependencies
    self.claims = claims
  }
}
