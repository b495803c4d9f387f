package import Host
import Network
import Synchronization

/// Snapshots of machines and disks in memory. What a machine holds is one text, which `write` changes.
package final class MemorySnapshots: Snapshots {
  private struct Key: Hashable {
    var scope: Scope
    var name: String
  }

  private struct Saved {
    var snapshot: ObservedSnapshot
    var content: String
  }

  private struct State {
    var contents: [Key: String] = [:]
    /// Of each disk, in the order in which they were made.
    var saved: [Key: [Saved]] = [:]
    var second: Int64 = 1_800_000_000
  }

  private let state = Mutex(State())
  private let machines: MemoryMachines
  private let disks: MemoryDisks
  private let faults: FaultPlan

  package init(
    machines: MemoryMachines = MemoryMachines(), disks: MemoryDisks = MemoryDisks(store: MemoryStore()),
    faults: FaultPlan = FaultPlan()
  ) {
    self.machines = machines
    self.disks = disks
    self.faults = faults
  }

  package func snapshots(of scope: Scope) async throws(HostError) -> [ObservedSnapshot] {
    let there = Set(try await disks.disks(of: scope).map(\.name))
    let all = state.withLock { $0.saved.filter { $0.key.scope == scope && there.contains($0.key.name) } }
    return all.sorted { $0.key.name < $1.key.name }.flatMap { $0.value.map(\.snapshot) }
  }

  package func shape(of machine: String, in scope: Scope) async throws(HostError) -> MachineShape {
    var shape = MachineShape()
    guard let observed = try await machines.machines(of: scope).first(where: { $0.name == machine }) else {
      shape.set(.disks, to: try await diskNames(of: machine, scope).joined(separator: " "))
      return shape
    }
    let parts = MachineParts(observed.attributes)
    shape.set(.memory, to: "\(parts.memory?.bytes ?? 0)")
    shape.set(.cpus, to: "\(parts.cpus ?? 0)")
    shape.set(.disks, to: parts.disks.map(\.name).joined(separator: " "))
    return shape
  }

  package func save(_ tag: SnapshotTag, _ machine: String, of scope: Scope) async throws(HostError) {
    try await requireStill(machine, of: scope, "save vm \(machine)")
    for disk in try await diskNames(of: machine, scope) {
      try faults.check("save disk \(disk)")
      let memory = tag.power != .off && disk == machine ? ByteCount(bytes: 1 << 20) : ByteCount(bytes: 0)
      state.withLock { state in
        state.second += 1
        let snapshot = ObservedSnapshot(
          tag: tag, disk: disk, second: state.second, memory: memory, size: MemoryDisks.imageSize)
        let content = state.contents[Key(scope: scope, name: machine)] ?? ""
        state.saved[Key(scope: scope, name: disk), default: []].append(Saved(snapshot: snapshot, content: content))
      }
    }
  }

  package func restore(_ tag: SnapshotTag, _ machine: String, of scope: Scope) async throws(HostError) {
    let deed = "restore vm \(machine)"
    try await requireStill(machine, of: scope, deed)
    let saved = state.withLock { $0.saved[Key(scope: scope, name: machine)]?.first { $0.snapshot.tag == tag } }
    guard let saved else { throw HostError(deed, .missing("snapshot \(tag.name)")) }
    try faults.check(deed)
    state.withLock { $0.contents[Key(scope: scope, name: machine)] = saved.content }
  }

  package func remove(_ tag: SnapshotTag, _ machine: String, of scope: Scope) async throws(HostError) {
    for disk in try await diskNames(of: machine, scope) {
      let key = Key(scope: scope, name: disk)
      guard state.withLock({ $0.saved[key]?.contains { $0.snapshot.tag == tag } ?? false }) else { continue }
      try faults.check("delete the snapshot of disk \(disk)")
      state.withLock { $0.saved[key]?.removeAll { $0.snapshot.tag == tag } }
    }
  }

  /// The machine holds this from now on.
  package func write(_ content: String, to machine: String, of scope: Scope) {
    state.withLock { $0.contents[Key(scope: scope, name: machine)] = content }
  }

  package func content(of machine: String, of scope: Scope) -> String {
    state.withLock { $0.contents[Key(scope: scope, name: machine)] ?? "" }
  }

  private func requireStill(_ machine: String, of scope: Scope, _ deed: String) async throws(HostError) {
    let observed = try await machines.machines(of: scope).first { $0.name == machine }
    guard observed?.runState == "running" else { return }
    throw HostError(deed, .malformed("vm \(machine)", "it does not stand still"))
  }

  private func diskNames(of machine: String, _ scope: Scope) async throws(HostError) -> [String] {
    try await disks.disks(of: scope).map(\.name).filter { $0 == machine || $0.hasPrefix("\(machine)/") }
  }
}
