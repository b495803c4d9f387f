/// A change and what the schedule must know of its resource.
package struct PlannedChange: Sendable {
  package let address: ResourceAddress
  package let change: Change
  /// What the observed one holds and the desired one does not.
  let releasedClaims: Set<Claim>
  /// What the desired one holds and the observed one does not.
  let newClaims: Set<Claim>
}
