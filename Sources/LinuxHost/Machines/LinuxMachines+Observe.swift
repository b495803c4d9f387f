import Glibc
package import Host
import Network
import QMP
import SystemPackage

extension LinuxMachines {
  /// How long a QEMU may take to answer. One at rest needs a millisecond, one among many that boot on a busy machine
  /// half a second; a busy one must not be taken for one that is lost.
  private static let patience = Duration.seconds(5)

  package func machines(of scope: Scope) async throws(HostError) -> [ObservedMachine] {
    let processes = try MachineProcess.all(of: scope, in: namespace)
    guard !processes.isEmpty else { return [] }
    let all = await withTaskGroup(of: ObservedMachine.self) { group in
      for process in processes { group.addTask { await observe(process, of: scope) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    guard !Task.isCancelled else { throw HostError("observe machines of \(scope.constellation)", .cancelled) }
    // Of two that claim one name, the one that answers is it.
    return all.sorted { ($0.name, $0.isManageable ? 0 : 1, $0.pid) < ($1.name, $1.isManageable ? 0 : 1, $1.pid) }
      .reduce(into: []) { if $0.last?.name != $1.name { $0.append($1) } }
  }

  private func observe(_ process: MachineProcess, of scope: Scope) async -> ObservedMachine {
    let deadline = ContinuousClock.now + Self.patience
    let started = MachineParts(process.attributes)
    var machine = ObservedMachine(
      name: process.name, pid: process.pid, attributes: process.attributes, isManageable: false, runState: nil)
    do {
      var monitor = try await connect(process, .observe, of: scope, until: deadline)
      let status = try await monitor.status(until: deadline)
      guard process.isSaid(by: status) else { return machine }
      machine.isManageable = true
      machine.runState = status.runState
      guard !process.attributes.isEmpty, let live = try await monitor.liveState(started, until: deadline) else {
        return machine
      }
      machine.attributes = attributes(started, live, of: scope)
      machine.room = live.room(process.memoryArgument)
      machine.isUnproven = live.isUnproven
    } catch {
      // Whatever the reason, the machine cannot be managed; that it runs is known from its process.
      machine.isManageable = false
      machine.runState = nil
    }
    return machine
  }

  /// What it is now, of what it was started as.
  func attributes(_ started: MachineParts, _ live: LiveState, of scope: Scope) -> [String: String] {
    var parts = started
    // The command line has whole mebibytes.
    if live.memory != live.baseMemory { parts.memory = live.memory }
    if !live.processors.isEmpty { parts.cpus = live.processorCount }
    parts.networks = live.networks.compactMap(\.network)
    parts.disks = live.disks.compactMap(\.disk).map { disk in
      var disk = disk
      disk.size = size(of: disk, of: scope)
      return disk
    }
    return parts.attributes
  }

  /// As QEMU makes the disk's file say; nil for an overlay, and where it cannot be read: QEMU has it open.
  private func size(of disk: MachineParts.Disk, of scope: Scope) -> ByteCount? {
    guard let header = try? data.diskFile(disk.name, of: scope.constellation, disk.format).header(),
      header.backingFile == nil
    else { return nil }
    return ByteCount(bytes: header.size)
  }

  /// What the process says over its own socket; nil unless it is the process behind it and the machine we take it for.
  func status(
    _ process: MachineProcess, _ socket: RunFolder.Socket, of scope: Scope, until deadline: ContinuousClock.Instant
  ) async -> MachineStatus? {
    do {
      var monitor = try await connect(process, socket, of: scope, until: deadline)
      let status = try await monitor.status(until: deadline)
      return process.isSaid(by: status) ? status : nil
    } catch {
      // Whatever the reason, the machine cannot be managed; that it runs is known from its process.
      return nil
    }
  }

  /// A monitor of exactly this process. Waits while somebody else's connection fills the queue.
  func connect(
    _ process: MachineProcess, _ socket: RunFolder.Socket, of scope: Scope, until deadline: ContinuousClock.Instant
  ) async throws(QMPError) -> Monitor {
    let folder = runFolder(process.name, of: scope)
    while true {
      do throws(QMPError) {
        let monitor = try folder.connect(socket)
        guard monitor.peer == process.pid else { throw .closed }
        return monitor
      } catch .system(EAGAIN, _) {
        guard ContinuousClock.now < deadline else { throw .timeout }
        do { try await Task.sleep(for: .milliseconds(5)) } catch { throw .cancelled }
      }
    }
  }
}

extension MachineProcess {
  /// The monitor speaks for this process.
  func isSaid(by status: MachineStatus) -> Bool { status.uuid == uuid && status.name == processName }
}

extension LiveState {
  /// - Parameter memoryArgument: `-m` of the command line.
  fileprivate func room(_ memoryArgument: String?) -> ObservedMachine.Room {
    var values: [Substring: Substring] = [:]
    for part in memoryArgument?.split(separator: ",") ?? [] {
      let pair = part.split(separator: "=", maxSplits: 1)
      if pair.count == 2 { values[pair[0]] = pair[1] }
    }
    let slots = values["slots"].flatMap { Int($0) } ?? 0
    return ObservedMachine.Room(
      memory: values["maxmem"].flatMap { ByteCount($0) } ?? memory, memorySlots: max(0, slots - memoryPieces),
      cpus: mostProcessors, ports: freePorts)
  }
}
