import Host
import Network
import QMP

/// Snapshots of one constellation, for people and for programs.
struct SnapshotView {
  /// As a person named it.
  private let constellation: String
  private let isJSON: Bool

  init(of constellation: String, isJSON: Bool) {
    self.constellation = constellation
    self.isJSON = isJSON
  }

  func saved(_ deed: SnapshotSession.Deed) -> String {
    if isJSON { return json(deed) }
    let restore = ShellCommand(["meros", "snapshot", "restore", constellation, deed.group.name.text]).text
    return """
      Saved \(words(deed)): \(members(of: deed.group)).
      To go back to it: \(restore)

      """
  }

  func restored(_ deed: SnapshotSession.Deed) -> String {
    if isJSON { return json(deed) }
    return """
      Restored \(words(deed)): \(members(of: deed.group)).
      Clocks of guests go on from \(timestamp(ofSecond: deed.group.second)), until NTP or hwclock --hctosys sets them.

      """
  }

  func deleted(_ groups: [SnapshotGroup]) -> String {
    if isJSON { return object(["snapshots": .array(groups.map { value($0) })]) }
    return groups.map { group in "Deleted \(group.name) of \(constellation): \(members(of: group)).\n" }.joined()
  }

  func list(_ groups: [SnapshotGroup], _ paint: Paint) -> String {
    if isJSON { return object(["snapshots": .array(groups.map { value($0) })]) }
    guard !groups.isEmpty else { return "\(constellation) has no snapshots.\n" }
    var table = Table(rows: [["SNAPSHOT", "SAVED", "VMS", "MEMORY", "DISKS", "STATE"]])
    for group in groups {
      table.rows.append([
        group.name.text, timestamp(ofSecond: group.second), group.members.map { $0.words }.joined(separator: ", "),
        ByteCount(bytes: group.members.reduce(0) { $0 + $1.memory.bytes }).rounded,
        ByteCount(bytes: group.members.reduce(0) { $0 + $1.size.bytes }).rounded, group.state,
      ])
    }
    return table.text(paint) { groups[$0].isComplete ? nil : .careful }
  }

  /// "before-upgrade of lab, whose VMs stood still for 1.42 s"
  private func words(_ deed: SnapshotSession.Deed) -> String {
    "\(deed.group.name) of \(constellation), whose VMs stood still for \(deed.pause.seconds) s"
  }

  private func members(of group: SnapshotGroup) -> String {
    enumerated(
      group.members.map { member in
        member.tag.power == .off ? member.words : "\(member.words) with \(member.memory.rounded) of memory"
      })
  }

  private func json(_ deed: SnapshotSession.Deed) -> String {
    object(["snapshot": value(deed.group), "pause_milliseconds": .integer(Int64(deed.pause / .milliseconds(1)))])
  }

  private func object(_ members: [String: JSON]) -> String {
    var members = members
    members["format_version"] = .string(PlanJSON.formatVersion)
    members["constellation"] = .string(constellation)
    return "\(JSON.object(members))\n"
  }

  private func value(_ group: SnapshotGroup) -> JSON {
    [
      "name": .string(group.name.text), "group": .string(group.group),
      "saved_at": .string(timestamp(ofSecond: group.second)), "complete": .bool(group.isComplete),
      "vm_count": .integer(Int64(group.machineCount)), "vms": .array(group.members.map { value($0) }),
    ]
  }

  private func value(_ member: SnapshotGroup.Member) -> JSON {
    [
      "name": .string(member.machine), "state": .string(member.tag.power.rawValue),
      "memory_bytes": .integer(Int64(clamping: member.memory.bytes)),
      "disk_bytes": .integer(Int64(clamping: member.size.bytes)), "disks": .array(member.disks.map { .string($0) }),
    ]
  }
}

extension SnapshotGroup {
  /// "complete", or how many of its VMs have it.
  fileprivate var state: String {
    isComplete ? "complete" : "incomplete, \(members.count) of \(counted(machineCount, "VM"))"
  }
}

extension SnapshotGroup.Member {
  /// "web", "db (off)"
  fileprivate var words: String { tag.power == .running ? machine : "\(machine) (\(tag.power.rawValue))" }
}

extension Duration {
  /// With two digits behind the point.
  fileprivate var seconds: String {
    let hundredths = Int(self / .milliseconds(10))
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}
