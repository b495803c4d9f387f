package import Network

/// The operations that make `observed` into `desired`, as few as there are, in an order that the kernel takes in one
/// batch. What both have keeps its handle. Base chains and tables stay, unless somebody hooked a chain of ours
/// elsewhere.
package func operations(
  from observed: [TableIdentity: ObservedTable], to desired: [Table], without removed: Set<TableIdentity> = []
) -> [Operation] {
  var all: [Operation] = []
  for table in desired {
    all += TableDifference(from: observed[table.identity], to: table).operations
  }
  for identity in removed.sorted() where observed[identity] != nil { all.append(.deleteTable(identity)) }
  // `sort` is not stable; the order within a rank matters to rules.
  return all.indices.sorted { (all[$0].rank, $0) < (all[$1].rank, $1) }.map { all[$0] }
}

/// What has to be done to one table.
private struct TableDifference {
  private(set) var operations: [Operation] = []
  private let table: TableIdentity
  private let observed: ObservedTable
  private let desired: Table
  /// Sets that come anew: rules that look them up do too.
  private var renewedSets: Set<String> = []
  private var renewedChains: Set<String> = []

  init(from observed: ObservedTable?, to desired: Table) {
    table = desired.identity
    self.desired = desired
    let empty = TableHeader(identity: desired.identity, comment: nil)
    self.observed = observed ?? ObservedTable(table: Table(header: empty))
    compareHeader(isThere: observed != nil)
    compareChains()
    compareSets()
    compareRules()
    for other in self.observed.table.others.subtracting(desired.others).sorted() {
      operations.append(.deleteOther(table, other))
    }
  }

  private mutating func compareHeader(isThere: Bool) {
    if !isThere {
      operations.append(.addTable(desired.header))
    } else if observed.table.header.isDormant != desired.header.isDormant {
      let dormant: UInt32 = 1
      operations.append(
        .setFlags(table, desired.header.isDormant ? observed.flags | dormant : observed.flags & ~dormant))
    }
  }

  private mutating func compareSets() {
    for (name, old) in observed.table.sets.sorted(by: { $0.key < $1.key }) {
      guard let new = desired.sets[name] else {
        operations.append(.deleteSet(table, name))
        continue
      }
      if new.hasShape(of: old) {
        var gone = old.elements.subtracting(new.elements)
        var come = new.elements.subtracting(old.elements)
        if !renewedChains.isEmpty {
          gone.formUnion(old.elements.filter(leadsToRenewed))
          come.formUnion(new.elements.filter(leadsToRenewed))
        }
        if !gone.isEmpty { operations.append(.deleteElements(table, old, gone.sorted())) }
        if !come.isEmpty { operations.append(.addElements(table, new, come.sorted())) }
      } else {
        renewedSets.insert(name)
        operations.append(.deleteSet(table, name))
      }
    }
    for (name, new) in desired.sets.sorted(by: { $0.key < $1.key })
    where observed.table.sets[name] == nil || renewedSets.contains(name) {
      operations.append(.addSet(table, new))
      if !new.elements.isEmpty { operations.append(.addElements(table, new, new.elements.sorted())) }
    }
  }

  private mutating func compareChains() {
    for (name, old) in observed.table.chains.sorted(by: { $0.key < $1.key }) {
      guard let new = desired.chains[name] else {
        operations.append(.deleteChain(table, name))
        continue
      }
      guard old.base != new.base else { continue }
      var rehooked = old.base
      if let policy = new.base?.policy { rehooked?.policy = policy }
      if rehooked == new.base {
        operations.append(.setPolicy(table, new))
      } else {
        renewedChains.insert(name)
        operations.append(.deleteChain(table, name))
      }
    }
    for (name, new) in desired.chains.sorted(by: { $0.key < $1.key })
    where observed.table.chains[name] == nil || renewedChains.contains(name) {
      operations.append(.addChain(table, new))
    }
  }

  private mutating func compareRules() {
    for name in Set(observed.table.chains.keys).union(desired.chains.keys).sorted() {
      let old = observed.table.chains[name]?.rules ?? []
      let handles = observed.ruleHandles[name] ?? []
      let new = desired.chains[name]?.rules ?? []
      let kept =
        renewedChains.contains(name)
        ? [] : alignment(of: old, with: new).filter { !refersToRenewed(old[$0.old]) }
      let keptOld = Set(kept.map(\.old))
      for (index, handle) in handles.enumerated() where !keptOld.contains(index) {
        operations.append(.deleteRule(table, chain: name, handle: handle))
      }
      var next = kept.makeIterator()
      var upcoming = next.next()
      for (index, rule) in new.enumerated() {
        if upcoming?.new == index {
          upcoming = next.next()
        } else {
          operations.append(.addRule(table, chain: name, rule, before: upcoming.map { handles[$0.old] }))
        }
      }
    }
  }

  private func leadsToRenewed(_ element: SetElement) -> Bool {
    switch element.value {
    case .verdict(.jump(let chain)), .verdict(.goto(let chain)): renewedChains.contains(chain)
    default: false
    }
  }

  private func refersToRenewed(_ rule: Rule) -> Bool {
    rule.expressions.contains { expression in
      switch expression {
      case .lookup(_, let set, _), .map(_, let set, _): renewedSets.contains(set)
      case .verdict(.jump(let chain)), .verdict(.goto(let chain)): renewedChains.contains(chain)
      default: false
      }
    }
  }
}

/// The longest run of equal rules in both, in order: what can stay.
private func alignment(of old: [Rule], with new: [Rule]) -> [(old: Int, new: Int)] {
  var start = 0
  while start < old.count, start < new.count, old[start] == new[start] { start += 1 }
  var pairs = (0..<start).map { (old: $0, new: $0) }
  let (a, b) = (old.count - start, new.count - start)
  guard a > 0, b > 0 else { return pairs }
  // lengths[i][j]: the longest run in what follows old[start + i] and new[start + j].
  var lengths = [[Int]](repeating: [Int](repeating: 0, count: b + 1), count: a + 1)
  for i in stride(from: a - 1, through: 0, by: -1) {
    for j in stride(from: b - 1, through: 0, by: -1) {
      lengths[i][j] =
        old[start + i] == new[start + j]
        ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1])
    }
  }
  var (i, j) = (0, 0)
  while i < a, j < b {
    if old[start + i] == new[start + j] {
      pairs.append((start + i, start + j))
      i += 1
      j += 1
    } else if lengths[i + 1][j] >= lengths[i][j + 1] {
      i += 1
    } else {
      j += 1
    }
  }
  return pairs
}
