import Network

/// VMs that no rule and no member of a set tells apart, but for members that name two VMs at once.
struct MachineGroups {
  /// Places in the network's list, by group; each group in order.
  private(set) var groups: [[Int]] = []
  /// By the place in the network's list.
  private(set) var group: [Int] = []
  /// Pairs that a member of a set names together: what passes between them is a matter of their own.
  private(set) var pairs: Set<MachinePair> = []

  init(_ network: CompiledNetwork) {
    var signatures = MachineSignatures(network)
    signatures.addPlaces()
    pairs = signatures.addMembers()
    signatures.addConstants()
    var known: [MachineSignatures.Digest: Int] = [:]
    for (machine, signature) in signatures.all.enumerated() {
      let number = known[signature] ?? groups.count
      if number == groups.count {
        known[signature] = number
        groups.append([])
      }
      groups[number].append(machine)
      group.append(number)
    }
  }
}
