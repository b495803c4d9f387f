import ArgumentParser
import Host
import LinuxHost

extension Invocation {
  /// Runs the application and gives its exit code.
  func carryOut(_ session: WindowSession) async throws(CommandFailure) -> ExitCode {
    let view = WindowView(session.application[0], on: session.login.machine)
    guard Program("waypipe").isInstalled else { throw .diagnostics(view.diagnostics(.missingHere)) }
    let ending: WindowSession.Ending
    let said: [String]
    do { (ending, said) = try await session.run() } catch { throw .host(error) }
    switch ending {
    case .exited(let code):
      if code != 0, !common.json { console.tell(view.text(said: said)) }
      return ExitCode(code)
    case .unfit(let hindrance): throw .diagnostics(view.diagnostics(hindrance))
    case .machineEnded: throw .diagnostics(view.machineEnded)
    case .connectionLost:
      tell(.diagnostics(view.connectionLost))
      return ExitCode(255)
    case .failed(let error): throw .host(error)
    case .interrupted:
      console.tell(view.interrupted)
      return .failure
    }
  }
}
