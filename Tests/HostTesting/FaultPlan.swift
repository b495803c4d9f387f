package import Host
import Synchronization

/// What a fake host refuses: it counts the changing deeds of all powers that share it and refuses chosen ones.
package final class FaultPlan: Sendable {
  private let state: Mutex<State>

  private struct State {
    var log: [String] = []
    var refused: @Sendable (Int, String) -> Bool
  }

  /// Refuses nothing.
  package convenience init() { self.init { _, _ in false } }

  /// Refuses the deeds with these places, the first being 0.
  package convenience init(refusing places: Int...) { self.init { place, _ in places.contains(place) } }

  /// Refuses the deeds with exactly these words.
  package convenience init(refusing deeds: Set<String>) { self.init { _, deed in deeds.contains(deed) } }

  /// `refused` is asked with the place and the words of each deed.
  package init(_ refused: @escaping @Sendable (Int, String) -> Bool) {
    state = Mutex(State(refused: refused))
  }

  /// Counts a deed, given in the imperative ("create bridge lan"), and refuses it if that is planned. Every fake
  /// calls this before it changes anything.
  package func check(_ deed: String) throws(HostError) {
    let isRefused = state.withLock { state in
      state.log.append(deed)
      return state.refused(state.log.count - 1, deed)
    }
    if isRefused { throw HostError(deed, .cancelled) }
  }

  /// Every deed that was tried, refused ones included, in order.
  package var log: [String] { state.withLock { $0.log } }

  /// Refuses nothing any more and forgets what was tried.
  package func relent() {
    state.withLock { $0 = State { _, _ in false } }
  }

  /// Refuses the deeds with these words from now on, and forgets what was tried.
  package func refuse(_ deed: String) {
    state.withLock { $0 = State { _, words in words == deed } }
  }

  /// Refuses only the deed of this place from now on, counted from 0 again; nil: none.
  package func refuse(_ place: Int?) {
    state.withLock { $0 = State { at, _ in at == place } }
  }
}
