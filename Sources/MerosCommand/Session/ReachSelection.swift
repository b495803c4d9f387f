import Diagnostics
import Manifest
import Reachability

extension ReachabilityMatrix.Selection {
  /// What a person calls a party: `host`, `world`, a VM, a bridge, `bridge:NAME`; nil: everybody. Throws what is near.
  init(_ word: String?, in reachability: Reachability) throws(CommandFailure) {
    guard let word else {
      self = .everybody
      return
    }
    let plain = word.hasPrefix("bridge:") ? String(word.dropFirst(7)) : word
    switch plain {
    case "host": self = .host
    case "world": self = .world
    case _ where plain == word && reachability.group[plain] != nil: self = .machines([plain])
    case _ where reachability.bridges[plain] != nil: self = .machines(reachability.bridges[plain] ?? [])
    default:
      let known = ["host", "world"] + reachability.bridges.keys.sorted() + reachability.group.keys.sorted()
      let remedy = Nearest.remedy(for: plain, among: known)
      throw .diagnostics(Diagnostics(Diagnostic(.error, "nobody is called \(word)", remedy: remedy)))
    }
  }
}
