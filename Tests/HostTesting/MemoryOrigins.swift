package import Host
import Synchronization

/// Repositories in memory, whose branches move when a test says so.
package final class MemoryOrigins: Origins {
  private let state: Mutex<State>

  private struct State {
    var commits: [String: String]
    var asked: [String] = []
  }

  /// - Parameter commits: by "REPOSITORY REF".
  package init(commits: [String: String] = [:]) { state = Mutex(State(commits: commits)) }

  package func commit(of ref: String, in repository: String) async throws(HostError) -> String? {
    state.withLock { state in
      state.asked.append("\(repository) \(ref)")
      return state.commits["\(repository) \(ref)"]
    }
  }

  package func minirootfs(of release: String, arch: String, on mirror: String) async throws(HostError) -> String? {
    try await commit(of: "\(release) \(arch)", in: mirror)
  }

  package func move(_ name: String, to commit: String) { state.withLock { $0.commits[name] = commit } }

  /// Every name that was asked for, in order.
  package var asked: [String] { state.withLock { $0.asked } }
}
