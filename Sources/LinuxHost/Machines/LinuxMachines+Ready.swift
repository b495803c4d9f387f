package import Host
import Network
import QMP
import SystemPackage

extension LinuxMachines {
  package func awaitReady(_ design: MachineDesign, progress: Progress) async throws(HostError) {
    let attempted = "await vm \(design.name)"
    let probe: any ReadinessProbe
    let patience: Duration
    switch design.readiness {
    case .none: return
    case .ssh(let timeout):
      // Without an address there is nobody to ask; the machine runs, and that is all that can be known.
      guard let address = design.networks.lazy.flatMap(\.addresses).first?.address else { return }
      progress.report(Progress.Report("waiting for ssh at \(address)"))
      probe = SSHProbe(design, at: address, data: data, namespace: namespace)
      patience = timeout
    case .tcp(let port, let timeout):
      guard let address = design.networks.lazy.flatMap(\.addresses).first?.address else { return }
      progress.report(Progress.Report("waiting for port \(port) of \(address)"))
      probe = PortProbe(address: address, port: port, namespace: namespace)
      patience = timeout
    case .console(let text, let timeout):
      progress.report(Progress.Report("waiting for its console to say \(text)"))
      probe = ConsoleProbe(text: text, log: runFolder(design.name, of: design.scope).serialLog)
      patience = timeout
    }
    try await ask(probe, design, patience, attempted)
  }

  private func ask(
    _ probe: any ReadinessProbe, _ design: MachineDesign, _ patience: Duration, _ attempted: String
  ) async throws(HostError) {
    let log = runFolder(design.name, of: design.scope).serialLog
    func failed(_ reason: GuestFailure.Reason) -> HostError {
      HostError(attempted, .guest(GuestFailure(reason: reason, lastLines: log.lastLines, log: log.path.string)))
    }
    let processes = try MachineProcess.all(of: design.scope, in: namespace)
    guard let process = processes.first(where: { $0.name == design.name }),
      let handle = ProcessHandle.open(pid: process.pid), process.isThere
    else { throw failed(log.failure ?? .ended) }

    let start = ContinuousClock.now
    var nextLook = start + .seconds(1)
    var said: [String] = []
    while ContinuousClock.now < start + patience {
      var pause = Duration.milliseconds(50)
      switch await probe.ask() {
      case .ready: return
      case .notYet: break
      case .refused(let lines):
        said = lines
        pause = .seconds(1)
      }
      if handle.hasEnded {
        _ = handle.reap()
        throw failed(log.failure ?? .ended)
      }
      if ContinuousClock.now >= nextLook {
        nextLook = .now + .seconds(1)
        if let reason = log.failure { throw failed(reason) }
        if let state = await status(process, .control, of: design.scope, until: .now + .seconds(1))?.runState,
          ["internal-error", "io-error", "guest-panicked"].contains(state)
        {
          throw failed(.state(state))
        }
      }
      do { try await Task.sleep(for: pause) } catch { throw HostError(attempted, .cancelled) }
    }
    throw failed(.notReady(after: patience, said: said))
  }
}
