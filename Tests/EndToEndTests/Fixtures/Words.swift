import MerosCommand
import Synchronization

/// All that a command says, results and the rest.
final class Words: Sendable {
  private let state = Mutex("")

  var text: String { state.withLock { $0 } }

  var console: Console {
    Console(write: { _, text in self.state.withLock { $0 += text } })
  }
}
