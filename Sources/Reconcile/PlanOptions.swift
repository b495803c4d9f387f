/// What a person asks of a plan besides the manifest.
package struct PlanOptions: Hashable, Sendable {
  /// Only these and what they stand on (or, where they go, what stands on them); empty: everything.
  package var targets: Set<ResourceAddress>
  /// Made anew although nothing differs.
  package var replacements: Set<ResourceAddress>
  /// Data disks that may be deleted.
  package var deletions: Set<ResourceAddress>
  /// What was there when the person named it: that it is gone by now is no fault.
  package var departed: Set<ResourceAddress> = []
  /// What is to run, rest or stand still.
  package var requests: [ResourceAddress: PowerRequest] = [:]
  /// Nothing but the targets themselves is touched.
  package var isNarrow = false

  package init(
    targets: Set<ResourceAddress> = [], replacements: Set<ResourceAddress> = [], deletions: Set<ResourceAddress> = []
  ) {
    self.targets = targets
    self.replacements = replacements
    self.deletions = deletions
  }

  /// One request to all of these, and no more than it takes.
  package init(_ request: PowerRequest, to targets: Set<ResourceAddress>) {
    self.init(targets: targets)
    requests = [ResourceAddress: PowerRequest](uniqueKeysWithValues: targets.map { ($0, request) })
    isNarrow = request.isNarrow
  }
}
