package import Host

/// Why a snapshot was not made, restored or removed.
package enum SnapshotFailure: Error, Equatable, Sendable {
  case host(HostError)
  /// The name is taken.
  case exists(SnapshotName)
  case unknown(SnapshotName, known: [String])
  /// There is no VM to be saved.
  case nothing
  /// Nothing was done: these stand against it.
  case unfit([SnapshotObstacle])
  /// Nothing was done: not all that was saved is still there.
  case incomplete(SnapshotGroup)
  /// Nothing is left of it but what could not be removed; empty faults: it was interrupted.
  case notSaved([HostError], left: [HostError], asleep: [HostError])
  /// It is done, but these still stand still.
  case asleep([HostError])
  /// Nothing was restored; empty faults: it was interrupted before it began.
  case notRestored([HostError], asleep: [HostError])
  /// Some are what they were, and all of `standing` stand still.
  case halfRestored([HostError], restored: [String], standing: [String])
  case notRemoved(SnapshotName, [HostError])
}
