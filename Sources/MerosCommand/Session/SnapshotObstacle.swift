package import Host

/// Why a VM cannot be saved or restored as it is.
package struct SnapshotObstacle: Equatable, Sendable {
  package var machine: String
  package var reason: Reason

  package init(machine: String, reason: Reason) {
    self.machine = machine
    self.reason = reason
  }

  package enum Reason: Equatable, Sendable {
    /// Its monitor does not answer.
    case unmanageable
    /// QEMU says that it is in this state: "internal-error".
    case state(String)
    /// These disks of it are raw: they hold no snapshots.
    case raw([String])
    /// It was off when it was saved and runs now.
    case runs
    /// It ran when it was saved and is off now.
    case isOff
    /// It has no root disk any more, or these disks do not have the snapshot.
    case lacks([String])
    /// It is another in these parts.
    case shape([MachineShape.Part])
  }
}
