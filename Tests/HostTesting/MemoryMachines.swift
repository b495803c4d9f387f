package import Host
import Network
import Synchronization

/// Machines that are only what they were started as. A start needs the disks and taps that the design names, where the
/// fake was given those powers.
package final class MemoryMachines: Machines {
  private struct Key: Hashable {
    var scope: Scope
    var name: String
  }

  private struct Machine {
    var pid: Int32
    var attributes: [String: String]
    var isManageable = true
    var runState = "running"
    var isReady = false
    var isUnproven = false
    var room: ObservedMachine.Room
  }

  private struct State {
    var machines: [Key: Machine] = [:]
    var traces: Set<Key> = []
    var nextPID: Int32 = 1000
  }

  private let state = Mutex(State())
  private let links: (any Links)?
  private let disks: (any Disks)?
  let faults: FaultPlan

  package init(links: (any Links)? = nil, disks: (any Disks)? = nil, faults: FaultPlan = FaultPlan()) {
    self.links = links
    self.disks = disks
    self.faults = faults
  }

  package func machines(of scope: Scope) async throws(HostError) -> [ObservedMachine] {
    let found = state.withLock { $0.machines.filter { $0.key.scope == scope } }
    return found.sorted { $0.key.name < $1.key.name }.map { key, machine in
      ObservedMachine(
        name: key.name, pid: machine.pid, attributes: machine.attributes, isManageable: machine.isManageable,
        runState: machine.isManageable ? machine.runState : nil, room: machine.isManageable ? machine.room : nil,
        isUnproven: machine.isUnproven)
    }
  }

  package func vitals(of pids: [Int32]) async -> [Int32: MachineVitals] {
    let running = state.withLock { Set($0.machines.values.map(\.pid)) }
    return [Int32: MachineVitals](
      uniqueKeysWithValues: running.intersection(pids).map { pid in
        (
          pid,
          MachineVitals(uptime: .seconds(60), processorTime: .seconds(6), residentMemory: ByteCount(bytes: 1 << 20))
        )
      })
  }

  package func traces(of scope: Scope) async throws(HostError) -> [String] {
    state.withLock { state in
      state.traces.filter { $0.scope == scope && state.machines[$0] == nil }.map(\.name).sorted()
    }
  }

  package func start(_ design: MachineDesign) async throws(HostError) {
    let key = Key(scope: design.scope, name: design.name)
    guard state.withLock({ $0.machines[key] == nil }) else { return }
    let deed = "start vm \(design.name)"
    try faults.check(deed)
    if let disks {
      let there = Set(try await disks.disks(of: design.scope).filter { !$0.isBroken }.map(\.name))
      for disk in design.disks where !there.contains(disk.name) { throw HostError(deed, .missing("disk \(disk.name)")) }
    }
    if let links {
      let there = Set(try await links.links().map(\.name))
      for network in design.networks where !there.contains(network.tap) {
        throw HostError(deed, .missing("tap \(network.tap)"))
      }
    }
    state.withLock { state in
      let room = ObservedMachine.Room(
        memory: ByteCount(bytes: design.memory.bytes + 4 << 30), memorySlots: 4, cpus: max(2 * design.cpus, 4), ports: 4
      )
      state.machines[key] = Machine(pid: state.nextPID, attributes: design.attributes, room: room)
      state.traces.insert(key)
      state.nextPID += 1
    }
  }

  package func awaitReady(_ design: MachineDesign, progress: Progress) async throws(HostError) {
    let key = Key(scope: design.scope, name: design.name)
    let deed = "await vm \(design.name)"
    guard let machine = state.withLock({ $0.machines[key] }), machine.runState == "running" else {
      throw HostError(deed, .guest(GuestFailure(reason: .ended, lastLines: [], log: "serial.log")))
    }
    if machine.isReady { return }
    progress.report(Progress.Report("waiting for ssh"))
    try faults.check(deed)
    state.withLock { $0.machines[key]?.isReady = true }
  }

  package func stop(_ name: String, of scope: Scope, grace: Duration) async throws(HostError) {
    let key = Key(scope: scope, name: name)
    guard state.withLock({ $0.machines[key] != nil }) else { return }
    try faults.check("stop vm \(name)")
    state.withLock { $0.machines[key] = nil }
  }

  package func pause(_ name: String, of scope: Scope) async throws(HostError) {
    try change("pause vm \(name)", Key(scope: scope, name: name), to: "paused")
  }

  package func resume(_ name: String, of scope: Scope) async throws(HostError) {
    try change("resume vm \(name)", Key(scope: scope, name: name), to: "running")
  }

  private func change(_ deed: String, _ key: Key, to runState: String) throws(HostError) {
    guard let machine = state.withLock({ $0.machines[key] }) else { throw HostError(deed, .missing("vm \(key.name)")) }
    if machine.runState == runState { return }
    try faults.check(deed)
    state.withLock { $0.machines[key]?.runState = runState }
  }

  package func removeTraces(_ name: String, of scope: Scope) async throws(HostError) {
    let key = Key(scope: scope, name: name)
    guard state.withLock({ $0.machines[key] == nil && $0.traces.contains(key) }) else { return }
    try faults.check("remove the logs of vm \(name)")
    _ = state.withLock { $0.traces.remove(key) }
  }

  package func accelerator(arch: String) async -> (Accelerator, reason: String?) { (.tcg, "a machine in memory") }

  /// The process ends by itself.
  package func crash(_ name: String, of scope: Scope) {
    state.withLock { $0.machines[Key(scope: scope, name: name)] = nil }
  }

  /// Its sockets are gone.
  package func loseMonitor(_ name: String, of scope: Scope) {
    state.withLock { $0.machines[Key(scope: scope, name: name)]?.isManageable = false }
  }

  /// QMP `RunState`.
  package func setRunState(_ runState: String, _ name: String, of scope: Scope) {
    state.withLock { $0.machines[Key(scope: scope, name: name)]?.runState = runState }
  }

  /// Nothing of any constellation is left: no machine, no log.
  package var isEmpty: Bool { state.withLock { $0.machines.isEmpty && $0.traces.isEmpty } }

  // What `MemoryMachines+Adjust.swift` changes.

  func parts(of design: MachineDesign) -> MachineParts? {
    state.withLock { $0.machines[Key(scope: design.scope, name: design.name)] }.map { MachineParts($0.attributes) }
  }

  func change(
    _ design: MachineDesign, _ deed: String, _ body: (inout MachineParts) -> Void,
    room: (inout ObservedMachine.Room) -> Void = { _ in }
  ) throws(HostError) {
    guard var parts = parts(of: design) else { throw HostError(deed, .missing("vm \(design.name)")) }
    try faults.check(deed)
    body(&parts)
    state.withLock { state in
      let key = Key(scope: design.scope, name: design.name)
      state.machines[key]?.attributes = parts.attributes
      if var left = state.machines[key]?.room {
        room(&left)
        state.machines[key]?.room = left
      }
    }
  }

  /// The guest does not know of it yet.
  func set(_ parts: MachineParts, of name: String, _ scope: Scope) {
    state.withLock { state in
      state.machines[Key(scope: scope, name: name)]?.attributes = parts.attributes
      state.machines[Key(scope: scope, name: name)]?.isUnproven = true
    }
  }

  func setUnproven(_ isUnproven: Bool, _ design: MachineDesign) {
    state.withLock { $0.machines[Key(scope: design.scope, name: design.name)]?.isUnproven = isUnproven }
  }

  func requireTap(_ tap: String, _ deed: String) async throws(HostError) {
    guard let links, !(try await links.links().contains { $0.name.text == tap }) else { return }
    throw HostError(deed, .missing("tap \(tap)"))
  }

  func requireDisk(_ name: String, _ design: MachineDesign, _ deed: String) async throws(HostError) {
    guard let disks else { return }
    let format = design.disks.first { $0.name == name }?.format
    if try await disks.disks(of: design.scope).contains(where: { $0.name == name && $0.format == format }) { return }
    throw HostError(deed, .missing("disk \(name)"))
  }
}
