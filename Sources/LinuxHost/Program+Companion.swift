package import Host
import Subprocess

extension Program {
  /// Runs it beside `body`, which begins when the program has said the line `sign` and is given what it had said until
  /// then. The end of its stdin tells the program that the body is through, or that this process is gone, however it
  /// went.
  ///
  /// Comes back once the program has ended, however it did, with what the body gave. Throws when the program ends before
  /// the body is through, which is cancelled then.
  package func accompany<Value: Sendable>(
    _ attempted: String, from sign: String, _ body: @escaping @Sendable (_ said: [String]) async -> Value
  ) async throws(HostError) -> (value: Value, result: ProgramResult) {
    do {
      var configuration = configuration
      // In a group of our session's it would be stopped for reading from our terminal, as an ssh that others share does.
      configuration.platformOptions.processGroupID = nil
      configuration.platformOptions.createSession = true
      var lines = try ProgramLines(log: log)
      defer { lines.close() }
      let result = try await Subprocess.run(
        configuration, input: .inputWriter, output: .sequence, error: .combinedWithOutput
      ) { execution -> Value? in
        let input = execution.standardInputWriter
        return try await withThrowingTaskGroup(of: Value?.self) { group -> Value? in
          var said: [String]? = []
          for try await buffer in execution.standardOutput {
            lines.take(buffer) { line in
              said?.append(line)
              guard line == sign, let words = said else { return }
              said = nil
              group.addTask {
                let value = await body(words)
                guard !Task.isCancelled else { return nil }
                // A program that is gone needs no word.
                try? await input.finish()
                return value
              }
            }
          }
          // What goes on now has lost its companion.
          group.cancelAll()
          return try await group.next() ?? nil
        }
      }
      let ending = ProgramResult(
        termination: result.terminationStatus.termination, output: [], lastLines: lines.finish { _ in })
      guard let value = result.closureResult else {
        try Task.checkCancellation()
        let failure = ProgramFailure(
          command: [name] + arguments, termination: ending.termination, lastLines: ending.lastLines)
        throw HostError(attempted, .program(failure))
      }
      return (value, ending)
    } catch {
      throw HostError(attempted, running: name, failed: error)
    }
  }
}
