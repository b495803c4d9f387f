package import Host
import Subprocess

extension Program {
  /// Runs it on this process's own stdin, stdout and stderr and in its process group, so that a terminal is the
  /// program's as much as ours. Its `log` and `capturesOutput` do not count.
  ///
  /// Cancelled, it is asked to end, so that it leaves the terminal as it was, and killed two seconds later.
  package func runAttached(_ attempted: String) async throws(HostError) -> ProgramFailure.Termination {
    var configuration = configuration
    configuration.platformOptions = PlatformOptions()
    configuration.platformOptions.teardownSequence = [
      .send(signal: .terminate, allowedDurationToNextStep: .seconds(2))
    ]
    do {
      let result = try await Subprocess.run(
        configuration, input: .currentStandardInput, output: .currentStandardOutput, error: .currentStandardError)
      return result.terminationStatus.termination
    } catch {
      throw HostError(attempted, running: name, failed: error)
    }
  }
}
