import Synchronization

@testable import MerosCommand

/// A console that remembers what was written, and answers what it was told to.
final class Recorder: Sendable {
  private let state = Mutex((output: "", diagnostics: ""))

  var output: String { state.withLock { $0.output } }
  var diagnostics: String { state.withLock { $0.diagnostics } }

  /// - Parameter answer: what the person types; nil: nobody is there.
  func console(answer: String? = nil, isTerminal: Bool = false) -> Console {
    Console(
      write: { stream, text in
        self.state.withLock { state in
          switch stream {
          case .output: state.output += text
          case .diagnostics: state.diagnostics += text
          }
        }
      },
      readLine: { answer }, isInteractive: answer != nil, isTerminal: isTerminal)
  }
}
