package import Host

/// Snapshots of a constellation: all its VMs at one point in time.
package struct SnapshotSession: Sendable {
  package let host: Host
  package let scope: Scope
  private let interrupts: Interrupts

  package init(host: Host, scope: Scope, interrupts: Interrupts = .none) {
    self.host = host
    self.scope = scope
    self.interrupts = interrupts
  }

  /// A group that was saved, or restored, and how long its VMs stood still for it.
  package struct Deed: Equatable, Sendable {
    package var group: SnapshotGroup
    package var pause: Duration
  }

  package func groups() async throws(SnapshotFailure) -> [SnapshotGroup] {
    do { return SnapshotGroup.all(of: try await host.snapshots.snapshots(of: scope)) } catch { throw .host(error) }
  }

  /// The groups of this name, the oldest first. Throws where there is none.
  package func groups(_ name: SnapshotName) async throws(SnapshotFailure) -> [SnapshotGroup] {
    let all = try await groups()
    let found = all.filter { $0.name == name }
    guard !found.isEmpty else {
      throw .unknown(name, known: Set(all.map(\.name.text)).sorted())
    }
    return found
  }

  /// Saves all VMs. Whatever goes wrong, or an interrupt: what was saved goes again and the VMs go on.
  /// - Parameter replaces: one of this name goes once the new one is there; false: it is in the way.
  package func save(_ name: SnapshotName, replaces: Bool) async throws(SnapshotFailure) -> Deed {
    let former = try await groups().filter { $0.name == name }
    guard former.isEmpty || replaces else { throw .exists(name) }
    let tags = try await check.tags(name)
    let running = tags.filter { $0.value.power == .running }

    interrupts.begin()
    let start = ContinuousClock.now
    var faults = await pause(running)
    if faults.isEmpty, !isInterrupted {
      faults = await each(tags) { (machine, tag) async throws(HostError) in
        try await host.snapshots.save(tag, machine, of: scope)
      }
    }
    let isSaved = faults.isEmpty && !isInterrupted
    let asleep = await resume(running)
    let pause = ContinuousClock.now - start
    guard isSaved else {
      let left = await clear(tags)
      throw .notSaved(faults.values(), left: left.values(), asleep: asleep.values())
    }
    guard asleep.isEmpty else { throw .asleep(asleep.values()) }
    for group in former { try await remove(group) }
    let id = tags.values.first?.group
    guard let group = try await groups().first(where: { $0.group == id }) else {
      throw .unknown(name, known: [])
    }
    return Deed(group: group, pause: pause)
  }

  /// Makes all VMs of the newest complete group of this name what they were. One interrupt or two let it finish: half of
  /// it would be worse. Where it fails after it began, all of them are left standing still.
  package func restore(_ name: SnapshotName) async throws(SnapshotFailure) -> Deed {
    let groups = try await groups(name)
    guard let group = groups.last(where: \.isComplete) else {
      throw .incomplete(groups[groups.count - 1])
    }
    let machines = try await check.machines()
    let obstacles = try await check.obstacles(to: group, machines)
    guard obstacles.isEmpty else { throw .unfit(obstacles) }

    interrupts.begin()
    let still = group.tags.filter { $0.value.power != .off }
    let running = still.filter { tag in machines.contains { $0.name == tag.key && $0.runState == "running" } }
    let start = ContinuousClock.now
    let unheard = await pause(still)
    guard unheard.isEmpty, !isInterrupted else {
      throw .notRestored(unheard.values(), asleep: await resume(running).values())
    }
    let faults = await each(group.tags) { (machine, tag) async throws(HostError) in
      try await host.snapshots.restore(tag, machine, of: scope)
    }
    guard faults.isEmpty else {
      let done = group.members.map(\.machine).filter { faults[$0] == nil }
      throw .halfRestored(faults.values(), restored: done, standing: still.keys.sorted())
    }
    let asleep = await resume(still.filter { $0.value.power == .running })
    guard asleep.isEmpty else { throw .asleep(asleep.values()) }
    return Deed(group: group, pause: .now - start)
  }

  /// Removes every group of this name, whole or not.
  package func remove(_ name: SnapshotName) async throws(SnapshotFailure) -> [SnapshotGroup] {
    let groups = try await groups(name)
    for group in groups { try await remove(group) }
    return groups
  }

  private func remove(_ group: SnapshotGroup) async throws(SnapshotFailure) {
    let faults = await clear(group.tags)
    guard faults.isEmpty else { throw .notRemoved(group.name, faults.values()) }
  }

  private var check: SnapshotCheck { SnapshotCheck(host: host, scope: scope) }
  private var isInterrupted: Bool { interrupts.count() > 0 }

  private func pause(_ machines: [String: SnapshotTag]) async -> [String: HostError] {
    await each(machines) { (machine, _) async throws(HostError) in try await host.machines.pause(machine, of: scope) }
  }

  private func resume(_ machines: [String: SnapshotTag]) async -> [String: HostError] {
    await each(machines) { (machine, _) async throws(HostError) in try await host.machines.resume(machine, of: scope) }
  }

  private func clear(_ machines: [String: SnapshotTag]) async -> [String: HostError] {
    await each(machines) { (machine, tag) async throws(HostError) in
      try await host.snapshots.remove(tag, machine, of: scope)
    }
  }

  /// Does it to all of these machines at the same time; what failed, by the machine.
  private func each(
    _ machines: [String: SnapshotTag],
    _ deed: @escaping @Sendable (String, SnapshotTag) async throws(HostError) -> Void
  ) async -> [String: HostError] {
    await withTaskGroup(of: (String, HostError)?.self) { group in
      for (machine, tag) in machines {
        group.addTask {
          do throws(HostError) {
            try await deed(machine, tag)
            return nil
          } catch {
            return (machine, error)
          }
        }
      }
      return await group.reduce(into: [:]) { faults, fault in
        if let (machine, error) = fault { faults[machine] = error }
      }
    }
  }
}

extension [String: HostError] {
  /// In the order of the machines.
  fileprivate func values() -> [HostError] { sorted { $0.key < $1.key }.map(\.value) }
}
