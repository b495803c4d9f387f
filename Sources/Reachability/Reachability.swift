package import Network

/// Who may start what to whom, in the whole network.
///
/// VMs that nothing tells apart are one group: what is known of groups is known of each pair of their VMs, but for pairs
/// that are kept on their own.
package struct Reachability: Sendable, Equatable {
  /// VMs of one group, sorted.
  package internal(set) var groups: [[String]] = []
  /// By the VM's name, its place in `groups`.
  package internal(set) var group: [String: Int] = [:]
  /// The VMs that have a tap on a bridge, by the bridge's name.
  package internal(set) var bridges: [String: Set<String>] = [:]
  /// The addresses of VMs.
  package internal(set) var addresses: [String: [IPAddress]] = [:]
  /// What passes between VMs of two groups, that are not the same VM.
  var between: [Pair<Int>: Reach] = [:]
  /// What passes between two VMs where that is not what passes between their groups.
  var exceptions: [Pair<String>: Reach] = [:]
  var toHost: [Int: Reach] = [:]
  var fromHost: [Int: Reach] = [:]
  var toWorld: [Int: WorldReach] = [:]
  var fromWorld: [Int: WorldReach] = [:]

  struct Pair<Element: Hashable & Sendable>: Hashable, Sendable {
    var from: Element
    var to: Element
  }

  /// What passes from or to one VM that is not the same as another one.
  package func reach(from: String, to: String) -> Reach {
    guard from != to, let one = group[from], let other = group[to] else { return Reach() }
    return exceptions[Pair(from: from, to: to)] ?? between[Pair(from: one, to: other)] ?? Reach()
  }

  package func reachOfHost(from machine: String) -> Reach { group[machine].flatMap { toHost[$0] } ?? Reach() }
  package func reachFromHost(to machine: String) -> Reach { group[machine].flatMap { fromHost[$0] } ?? Reach() }
  package func reachOfWorld(from machine: String) -> WorldReach {
    group[machine].flatMap { toWorld[$0] } ?? WorldReach()
  }
  package func reachFromWorld(to machine: String) -> WorldReach {
    group[machine].flatMap { fromWorld[$0] } ?? WorldReach()
  }
}
