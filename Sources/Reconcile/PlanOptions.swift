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

  package init(
    targets: Set<ResourceAddress> = [], replacements: Set<ResourceAddress> = [], deletions: Set<ResourceAddress> = []
  ) {
    self.targets = targets
    self.replacements = replacements
    self.deletions = deletions
  }
}
