package import Host
package import Network

/// VMs that were saved together, put together again from what their disks hold.
package struct SnapshotGroup: Equatable, Sendable {
  package var name: SnapshotName
  /// As in `SnapshotTag`.
  package var group: String
  /// How many VMs were saved.
  package var machineCount: Int
  /// Those whose root disk still has it, by name.
  package var members: [Member]

  package struct Member: Equatable, Sendable {
    package var machine: String
    package var tag: SnapshotTag
    /// The disks that have it, by name.
    package var disks: [String]
    /// In seconds since 1970.
    package var second: Int64
    package var memory: ByteCount
    /// What the guest saw of its disks, together.
    package var size: ByteCount
  }

  /// All groups of these snapshots, the oldest first.
  package static func all(of snapshots: [ObservedSnapshot]) -> [SnapshotGroup] {
    let groups = Dictionary(grouping: snapshots, by: \.tag.group).map { group, snapshots in
      let machines = Dictionary(grouping: snapshots, by: \.machine).sorted { $0.key < $1.key }
      let members = machines.compactMap { machine, disks in
        disks.first.map { first in
          Member(
            machine: machine, tag: first.tag, disks: disks.map(\.disk).sorted(),
            second: disks.map(\.second).min() ?? first.second,
            memory: ByteCount(bytes: disks.reduce(0) { $0 + $1.memory.bytes }),
            size: ByteCount(bytes: disks.reduce(0) { $0 + $1.size.bytes }))
        }
      }
      return SnapshotGroup(
        name: snapshots[0].tag.name, group: group, machineCount: snapshots[0].tag.machineCount, members: members)
    }
    return groups.sorted { ($0.second, $0.name.text, $0.group) < ($1.second, $1.name.text, $1.group) }
  }

  /// What each of its VMs has it as.
  package var tags: [String: SnapshotTag] {
    [String: SnapshotTag](members.map { ($0.machine, $0.tag) }) { first, _ in first }
  }

  /// When it was saved, in seconds since 1970.
  package var second: Int64 { members.map(\.second).min() ?? 0 }

  /// All VMs have it, each with its memory where it ran.
  package var isComplete: Bool {
    members.count == machineCount && members.allSatisfy { ($0.memory.bytes > 0) == ($0.tag.power != .off) }
  }
}
