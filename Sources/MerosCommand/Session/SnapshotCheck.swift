import Host
import Network
import Resources

/// What is looked at before VMs are saved or restored.
struct SnapshotCheck: Sendable {
  let host: Host
  let scope: Scope

  func machines() async throws(SnapshotFailure) -> [ObservedMachine] {
    do { return try await host.machines.machines(of: scope) } catch { throw .host(error) }
  }

  /// A tag for each VM that has a root disk, all of one group. Throws where one of them cannot be saved, or there is none.
  func tags(_ name: SnapshotName) async throws(SnapshotFailure) -> [String: SnapshotTag] {
    let machines = try await machines()
    let disks: [ObservedDisk]
    do { disks = try await host.disks.disks(of: scope) } catch { throw .host(error) }
    let names = disks.map(\.name).filter { !$0.contains("/") }
    var powers: [String: SnapshotTag.Power] = [:]
    var obstacles: [SnapshotObstacle] = []
    for name in Set(names).union(machines.map(\.name)).sorted() {
      switch machines.first(where: { $0.name == name }).map({ $0.isManageable ? $0.runState ?? "" : nil }) {
      case nil: powers[name] = .off
      case .some("running"): powers[name] = .running
      case .some("paused"): powers[name] = .paused
      case .some(nil): obstacles.append(SnapshotObstacle(machine: name, reason: .unmanageable))
      case .some(let state?): obstacles.append(SnapshotObstacle(machine: name, reason: .state(state)))
      }
    }
    for name in powers.keys.sorted() {
      // Of a VM that runs only the disks that it has count.
      let attached = machines.first { $0.name == name }?.disks
      let own = disks.filter { $0.machine == name && attached?.contains($0.name) ?? true }
      let raw = own.filter { $0.format == .raw }.map(\.name)
      if !raw.isEmpty { obstacles.append(SnapshotObstacle(machine: name, reason: .raw(raw))) }
    }
    guard obstacles.isEmpty else { throw .unfit(obstacles) }
    guard !powers.isEmpty else { throw .nothing }
    let group = hexadecimal(UInt64.random(in: 0 ... .max), digits: 16)
    var tags: [String: SnapshotTag] = [:]
    for (machine, power) in powers {
      tags[machine] = SnapshotTag(
        constellation: scope.constellation, name: name, group: group, machineCount: powers.count, power: power,
        shape: try await shape(of: machine))
    }
    return tags
  }

  /// What stands against a restore, by VM.
  func obstacles(
    to group: SnapshotGroup, _ machines: [ObservedMachine]
  ) async throws(SnapshotFailure) -> [SnapshotObstacle] {
    let disks: [String]
    do { disks = try await host.disks.disks(of: scope).map(\.name) } catch { throw .host(error) }
    var obstacles: [SnapshotObstacle] = []
    for member in group.members {
      guard let reason = try await obstacle(to: member, machines.first { $0.name == member.machine }, disks) else {
        continue
      }
      obstacles.append(SnapshotObstacle(machine: member.machine, reason: reason))
    }
    return obstacles
  }

  private func obstacle(
    to member: SnapshotGroup.Member, _ machine: ObservedMachine?, _ disks: [String]
  ) async throws(SnapshotFailure) -> SnapshotObstacle.Reason? {
    switch (member.tag.power, machine) {
    case (.off, nil): break
    case (.off, _?): return .runs
    case (.running, nil), (.paused, nil): return .isOff
    case (.running, let machine?), (.paused, let machine?): if !machine.isManageable { return .unmanageable }
    }
    let differences = try await shape(of: member.machine).differences(from: member.tag.shape)
    guard differences.isEmpty else { return .shape(differences) }
    // Of a VM that runs only the disks that it has count, and those are part of its shape.
    let own = disks.filter { $0 == member.machine || $0.hasPrefix("\(member.machine)/") }
    let missing = (member.tag.power == .off ? own : [member.machine]).filter { !member.disks.contains($0) }
    return missing.isEmpty ? nil : .lacks(missing)
  }

  private func shape(of machine: String) async throws(SnapshotFailure) -> MachineShape {
    do { return try await host.snapshots.shape(of: machine, in: scope) } catch { throw .host(error) }
  }
}
