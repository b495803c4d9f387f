import Diagnostics

extension Manifest {
  /// `depends_on` has no cycle. Each cycle is reported once, at the name that closes it.
  func checkDependencies(_ faults: inout Diagnostics) {
    let names = virtualMachines.map(\.name.value)
    let indices = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    let targets = virtualMachines.map { machine in
      machine.dependsOn.compactMap { name in indices[name.value].map { (index: $0, location: name.location) } }
    }
    var isDone = [Bool](repeating: false, count: names.count)
    // Where a VM stands on the path from the start; a stack of its own, for a chain may be longer than the thread's.
    var depths = [Int?](repeating: nil, count: names.count)
    for start in names.indices where !isDone[start] {
      var path: [(index: Int, next: Int)] = [(start, 0)]
      depths[start] = 0
      while let (index, next) = path.last {
        guard next < targets[index].count else {
          isDone[index] = true
          depths[index] = nil
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let target = targets[index][next]
        if let depth = depths[target.index] {
          report(path[depth...].map { names[$0.index] }, at: target.location, &faults)
        } else if !isDone[target.index] {
          depths[target.index] = path.count
          path.append((target.index, 0))
        }
      }
    }
  }

  private func report(_ cycle: [String], at location: SourceLocation, _ faults: inout Diagnostics) {
    guard let first = cycle.first else { return }
    guard cycle.count > 1 else {
      faults.error("\(first) depends on itself", at: location, remedy: "remove it from depends_on")
      return
    }
    let shown = cycle.count > 8 ? Array(cycle.prefix(4)) + ["…"] + Array(cycle.suffix(3)) : cycle
    faults.error(
      "depends_on goes in a circle: \((shown + [first]).joined(separator: " -> "))", at: location,
      remedy: "remove one of these dependencies: each waits for the next to be ready")
  }
}
