package import Network

/// The snapshot of one disk, as the disk itself has it.
package struct ObservedSnapshot: Hashable, Sendable {
  package var tag: SnapshotTag
  /// As in `DiskDesign`.
  package var disk: String
  /// When it was made, in seconds since 1970.
  package var second: Int64
  /// What the disk holds of the VM's memory; zero but for the root disk of a VM that ran.
  package var memory: ByteCount
  /// What the guest saw of the disk.
  package var size: ByteCount

  package init(tag: SnapshotTag, disk: String, second: Int64, memory: ByteCount, size: ByteCount) {
    self.tag = tag
    self.disk = disk
    self.second = second
    self.memory = memory
    self.size = size
  }

  /// The VM that the disk is called after.
  package var machine: String { String(disk.prefix { $0 != "/" }) }
}

/// Snapshots of VMs within their disks: of all disks, and of memory where the VM runs. Whoever saves or restores a VM that
/// runs lets it stand still before, and lets it go on afterwards.
package protocol Snapshots: Sendable {
  /// All that are ours on the disks of the scope, whether their VMs run or not.
  func snapshots(of scope: Scope) async throws(HostError) -> [ObservedSnapshot]
  /// What the VM is now. Of one that does not run its disks alone count.
  func shape(of machine: String, in scope: Scope) async throws(HostError) -> MachineShape
  /// Saves all disks of the VM, and its memory where it runs.
  func save(_ tag: SnapshotTag, _ machine: String, of scope: Scope) async throws(HostError)
  /// Makes all disks of the VM, and its memory where it runs, what they were. A VM that runs still stands still then.
  func restore(_ tag: SnapshotTag, _ machine: String, of scope: Scope) async throws(HostError)
  /// Removes it from whichever disks of the VM have it.
  func remove(_ tag: SnapshotTag, _ machine: String, of scope: Scope) async throws(HostError)
}
