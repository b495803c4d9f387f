import Glibc
package import Host
import QMP

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
    let status = await status(process, .observe, of: scope, until: .now + Self.patience)
    return ObservedMachine(
      name: process.name, pid: process.pid, attributes: process.attributes, isManageable: status != nil,
      runState: status?.runState)
  }

  /// What the process says over its own socket; nil unless it is the process behind it and the machine we take it for.
  func status(
    _ process: MachineProcess, _ socket: RunFolder.Socket, of scope: Scope, until deadline: ContinuousClock.Instant
  ) async -> MachineStatus? {
    do {
      var monitor = try await connect(process, socket, of: scope, until: deadline)
      let status = try await monitor.status(until: deadline)
      return status.uuid == process.uuid && status.name == process.processName ? status : nil
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
