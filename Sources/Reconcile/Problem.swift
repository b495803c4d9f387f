/// Why a plan cannot be applied.
package enum Problem: Hashable, Sendable {
  case obstacle(ResourceAddress, Change.Obstacle)
  /// Something that is not ours holds what the resource needs.
  case claimed(ResourceAddress, ForeignClaim)
  /// An address that the person named is neither in the manifest nor on the host.
  case unknown(ResourceAddress)
}
