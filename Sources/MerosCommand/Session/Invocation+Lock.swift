import ArgumentParser
import LinuxHost

extension Invocation {
  /// Runs the body while nobody else is at work on these constellations.
  func locked(
    _ constellations: Set<String>, _ site: Site, timeout: Duration,
    _ body: () async throws(CommandFailure) -> ExitCode
  ) async throws(CommandFailure) -> ExitCode {
    let result: Result<ExitCode, CommandFailure>
    do {
      result = try await site.lock(timeout: timeout).hold(constellations) { name, pid in
        tellWaiting(for: name, pid)
      } _: {
        do throws(CommandFailure) { return .success(try await body()) } catch { return .failure(error) }
      }
    } catch {
      throw .lock(error)
    }
    return try result.get()
  }
}
