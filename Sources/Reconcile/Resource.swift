package import Host
package import Network

/// One thing that should exist. The value itself is the desired state.
package protocol Resource: Equatable, Sendable {
  /// What the host reports of such a thing.
  associatedtype Observed: Equatable & Sendable

  static var kind: String { get }
  var name: String { get }
  /// What must be set up before this one is; an address that the graph does not hold is ignored.
  var dependencies: Set<ResourceAddress> { get }
  var claims: Set<Claim> { get }

  /// Everything of this kind that carries the scope's mark, by name.
  static func observe(_ scope: Scope, on host: Host) async throws(HostError) -> [String: Observed]
  /// What others hold of what this kind could claim.
  static func foreignClaims(_ scope: Scope, on host: Host) async throws(HostError) -> [ForeignClaim]
  /// Base chains of others that what this kind admits has to pass.
  static func hookedChains(_ scope: Scope, on host: Host) async throws(HostError) -> [HookedChain]
  static func dependencies(of observed: Observed) -> Set<ResourceAddress>
  static func claims(of observed: Observed) -> Set<Claim>

  /// The difference between what is and what should be. Pure; nil where they agree, and for something that is there,
  /// is not desired and is nobody's (the store).
  static func change(_ name: String, from: Observed?, to: Self?, under circumstances: Circumstances) -> Change?
  /// What differs and is left as it is, since the manifest or a person says so; nil: nothing.
  static func pending(_ name: String, from: Observed, to: Self) -> Pending?
  /// Why a thing that is no longer desired stays all the same; nil when it goes.
  static func reasonToKeep(_ observed: Observed) -> Kept.Reason?
}

extension Resource {
  package var address: ResourceAddress { ResourceAddress(kind: Self.kind, name: name) }
  package var claims: Set<Claim> { [] }
  package static func foreignClaims(_ scope: Scope, on host: Host) async throws(HostError) -> [ForeignClaim] { [] }
  package static func hookedChains(_ scope: Scope, on host: Host) async throws(HostError) -> [HookedChain] { [] }
  package static func claims(of observed: Observed) -> Set<Claim> { [] }
  package static func dependencies(of observed: Observed) -> Set<ResourceAddress> { [] }
  package static func pending(_ name: String, from: Observed, to: Self) -> Pending? { nil }
  package static func reasonToKeep(_ observed: Observed) -> Kept.Reason? { nil }
}

/// What a resource must know of the rest of the plan to say what its change is.
package struct Circumstances: Hashable, Sendable {
  /// Direct dependencies that this plan makes anew, or changes in a way that cannot be done beneath what stands on them:
  /// that takes it live or says what it costs.
  package var replaced: Set<ResourceAddress>
  /// The person asked for this one to be replaced although nothing differs.
  package var isForced: Bool
  /// What the person asked of this one; nil: nothing.
  package var request: PowerRequest?

  package init(replaced: Set<ResourceAddress> = [], isForced: Bool = false, request: PowerRequest? = nil) {
    self.replaced = replaced
    self.isForced = isForced
    self.request = request
  }
}

/// Something that is no longer desired and stays.
package struct Kept: Hashable, Sendable {
  package var address: ResourceAddress
  package var reason: Reason

  package enum Reason: Hashable, Sendable {
    /// A data disk goes only when it is asked for by its address.
    case dataDisk
    case isProtected
  }

  package init(_ address: ResourceAddress, _ reason: Reason) {
    self.address = address
    self.reason = reason
  }
}
