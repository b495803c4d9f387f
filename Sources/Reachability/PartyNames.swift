/// Calls sets of VMs by as few names as there are: bridges stand for all their VMs.
struct PartyNames {
  private let bridges: [(name: String, machines: Set<String>)]

  init(_ reachabilities: Reachability...) {
    var all: [String: Set<String>] = [:]
    for reachability in reachabilities {
      for (bridge, machines) in reachability.bridges { all[bridge, default: []].formUnion(machines) }
    }
    bridges = all.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// - Parameters:
  ///   - one: a VM that is told what it reaches: nobody is asked what reaches itself.
  ///   - closed: bridges of which each VM is told the same of each other one.
  func names(of machines: Set<String>, besides one: Set<String> = [], closed: Set<String> = [])
    -> [ReachabilityLine.Name]
  {
    var rest = machines
    let all = machines.union(one)
    var names: [ReachabilityLine.Name] = []
    // A bridge with one VM says less than the VM.
    for (bridge, members) in bridges
    where members.count > 1 && members.isSubset(of: closed.contains(bridge) ? all : machines) {
      names.append(.bridge(bridge))
      rest.subtract(members)
    }
    return names + rest.sorted().map { .machine($0) }
  }

  /// Bridges of which each VM reaches each other one.
  func closed(under reached: [String: Set<String>]) -> Set<String> {
    Set(
      bridges.filter { _, members in
        members.allSatisfy { members.subtracting([$0]).isSubset(of: reached[$0] ?? []) }
      }.map(\.name))
  }
}
