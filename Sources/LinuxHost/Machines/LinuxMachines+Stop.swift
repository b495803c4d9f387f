package import Host
import QMP
import SystemPackage

extension LinuxMachines {
  package func stop(_ name: String, of scope: Scope, grace: Duration) async throws(HostError) {
    for process in try MachineProcess.all(of: scope, in: namespace) where process.name == name {
      guard let handle = ProcessHandle.open(pid: process.pid), process.isThere else { continue }
      await end(process, handle, of: scope, grace: grace)
      let isGone = await handle.awaitEnd(until: .now + .seconds(10))
      _ = handle.reap()
      guard isGone else { throw HostError("stop vm \(name)", .timeout(.seconds(10))) }
    }
    // It may run in another network namespace, on the same sockets.
    if try !runsAnywhere(name, of: scope) { try runFolder(name, of: scope).removeSockets() }
  }

  private func runsAnywhere(_ name: String, of scope: Scope) throws(HostError) -> Bool {
    try MachineProcess.all(of: scope, in: nil).contains { $0.name == name }
  }

  package func traces(of scope: Scope) async throws(HostError) -> [String] {
    let running = Set(try MachineProcess.all(of: scope, in: nil).map(\.name))
    let folder = data.run("", of: scope.constellation)
    return try folder.folderEntries().map(\.string).filter { !running.contains($0) }
  }

  package func removeTraces(_ name: String, of scope: Scope) async throws(HostError) {
    if try !runsAnywhere(name, of: scope) { try runFolder(name, of: scope).remove() }
  }

  /// The guest is asked, then QEMU, then the kernel.
  private func end(_ process: MachineProcess, _ handle: borrowing ProcessHandle, of scope: Scope, grace: Duration) async
  {
    let deadline = ContinuousClock.now + grace
    do {
      if grace > .zero {
        try await askToPowerDown(process, handle, of: scope, until: deadline)
        if handle.hasEnded { return }
      }
      var monitor = try await connect(process, .control, of: scope, until: .now + .seconds(2))
      // QEMU writes back what it holds, then ends.
      _ = try await monitor.execute("quit", until: .now + .seconds(2))
      if await handle.awaitEnd(until: .now + .seconds(5)) { return }
    } catch {
      // A QEMU that does not listen, or closes while it is spoken to: the kernel's word is left, or it is gone.
    }
    handle.kill()
  }

  /// Presses the power button every few seconds, since a guest that is still booting does not notice. A guest that has
  /// none is told over ssh.
  private func askToPowerDown(
    _ process: MachineProcess, _ handle: borrowing ProcessHandle, of scope: Scope,
    until deadline: ContinuousClock.Instant
  ) async throws(QMPError) {
    var isTold = process.hasPowerButton
    while ContinuousClock.now < deadline, !Task.isCancelled {
      do {
        var monitor = try await connect(process, .control, of: scope, until: min(.now + .seconds(2), deadline))
        let status = try await monitor.status(until: min(.now + .seconds(2), deadline))
        // A guest that does not run cannot hear.
        guard status.uuid == process.uuid, status.runState == "running" else { return }
        _ = try await monitor.execute("system_powerdown", until: min(.now + .seconds(2), deadline))
      }
      if !isTold { isTold = await powerDown(process, of: scope, until: deadline) }
      if await handle.awaitEnd(until: min(.now + .seconds(3), deadline)) { return }
    }
  }

  /// Whether the guest took the order; one that is still booting does not.
  private func powerDown(
    _ process: MachineProcess, of scope: Scope, until deadline: ContinuousClock.Instant
  ) async -> Bool {
    guard let address = process.firstAddress else { return false }
    let login = SSHLogin(to: process.name, at: address, of: scope.constellation, in: data)
    let order = "PATH=/usr/sbin:/sbin:/usr/bin:/bin poweroff"
    let ssh = Program(
      "ssh", ["-n", "-T"] + login.options + [login.destination, order],
      timeout: max(min(deadline - .now, .seconds(30)), .seconds(1)))
    // Whatever went wrong, the time that the guest is given is used for another attempt.
    return (try? await ssh.inside(namespace).result("shut down vm \(process.name)"))?.termination == .exited(0)
  }
}
