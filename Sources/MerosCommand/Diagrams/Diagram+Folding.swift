/// VMs that nothing but their names tells apart, drawn as one.
extension Diagram {
  /// - Parameter limit: so many that are alike are still drawn one by one.
  func folded(beyond limit: Int = 8) -> Diagram {
    let units = Dictionary(grouping: nodes.filter { $0.machine != nil }) { $0.machine ?? "" }
    let signatures = signatures(of: units)
    let alike = Dictionary(grouping: units.keys.sorted()) { signatures[$0] ?? [] }.values.filter { $0.count > limit }
    guard !alike.isEmpty else { return self }
    var places: [String: String] = [:]
    var folded = self
    var gone: Set<String> = []
    for machines in alike {
      guard let first = machines.first, let last = machines.last else { continue }
      for (index, node) in (units[first] ?? []).enumerated() {
        for machine in machines {
          guard let other = units[machine].map({ $0[index] }) else { continue }
          places[other.id] = node.id
          if machine != first { gone.insert(other.id) }
        }
        guard let place = folded.nodes.firstIndex(where: { $0.id == node.id }) else { continue }
        folded.nodes[place].label = "\(machines.count) of \(node.category.plural)"
        folded.nodes[place].facts = ["of VMs \(first) … \(last)"]
        if node.category == .vm {
          folded.nodes[place].label = "\(machines.count) VMs"
          folded.nodes[place].facts = ["\(first) … \(last)"]
        }
      }
    }
    folded.nodes.removeAll { gone.contains($0.id) }
    var seen: Set<Edge> = []
    folded.edges = edges.compactMap { edge in
      var edge = edge
      edge.from = places[edge.from] ?? edge.from
      edge.to = places[edge.to] ?? edge.to
      return seen.insert(edge).inserted ? edge : nil
    }
    return folded
  }

  /// What is true of each VM besides names and addresses: its things, and every line from and to them.
  private func signatures(of units: [String: [Node]]) -> [String: [String]] {
    // A thing of a VM is called by its place among the things of that VM.
    var roles: [String: (machine: String, role: String)] = [:]
    for (machine, nodes) in units {
      for (index, node) in nodes.enumerated() { roles[node.id] = (machine, "\(index)") }
    }
    var all = units.mapValues { nodes in
      nodes.map { "\($0.category.rawValue) \($0.group ?? "") \($0.fate?.code ?? "")" }
    }
    for edge in edges {
      let words = "\(edge.kind.rawValue) \(edge.fate?.code ?? "") \(edge.label)"
      let (from, to) = (roles[edge.from], roles[edge.to])
      if let from, let to, from.machine == to.machine {
        all[from.machine]?.append("\(from.role) within \(to.role) \(words)")
        continue
      }
      if let from { all[from.machine]?.append("\(from.role) to \(edge.to) \(words)") }
      if let to { all[to.machine]?.append("\(to.role) from \(edge.from) \(words)") }
    }
    return all.mapValues { $0.sorted() }
  }
}

extension Diagram.Category {
  /// Things of that category, as people say.
  var plural: String {
    switch self {
    case .kernel: "kernels"
    case .rootfs: "root file systems"
    case .image: "images"
    case .disk: "disks"
    case .key: "keys"
    case .firewall: "packet filters"
    case .forwarding: "forwarding"
    case .bridge: "bridges"
    case .dns: "name servers"
    case .tap: "taps"
    case .vm: "VMs"
    case .host: "hosts"
    case .world: "worlds"
    case .addresses: "addresses"
    case .other: "things"
    }
  }
}
