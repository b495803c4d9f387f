import Network

/// Tables made ready to be run.
struct FilterProgram {
  /// A base chain with the table that it stands in.
  struct BaseChain {
    var table: Int
    var name: String
    var base: Chain.Base
  }

  struct TableProgram {
    var identity: TableIdentity
    var chains: [String: Chain]
    var sets: [String: SetIndex]
  }

  let tables: [TableProgram]
  /// Of tables that see packets, by hook, in the order of their priority.
  private let inet: [Chain.Hook: [BaseChain]]
  /// Of tables that see frames.
  private let bridge: [Chain.Hook: [BaseChain]]

  init(_ tables: [Table]) {
    let active = tables.filter { !$0.header.isDormant }.sorted { $0.identity < $1.identity }
    self.tables = active.map { table in
      TableProgram(identity: table.identity, chains: table.chains, sets: table.sets.mapValues(SetIndex.init))
    }
    var inet: [Chain.Hook: [BaseChain]] = [:]
    var bridge: [Chain.Hook: [BaseChain]] = [:]
    for (index, table) in active.enumerated() {
      for chain in table.chains.values.sorted(by: { $0.name < $1.name }) {
        guard let base = chain.base else { continue }
        let entry = BaseChain(table: index, name: chain.name, base: base)
        switch table.identity.family {
        case .inet, .ip, .ip6: inet[base.hook, default: []].append(entry)
        case .bridge: bridge[base.hook, default: []].append(entry)
        // They see neither routed packets nor frames of a bridge.
        case .arp, .netdev: continue
        }
      }
    }
    self.inet = inet.mapValues { $0.sorted { $0.base.priority < $1.base.priority } }
    self.bridge = bridge.mapValues { $0.sorted { $0.base.priority < $1.base.priority } }
  }

  func chains(_ layer: Layer, at hook: Chain.Hook, _ family: IPAddress.Family) -> [BaseChain] {
    switch layer {
    case .frames: return bridge[hook] ?? []
    case .packets:
      return (inet[hook] ?? []).filter { chain in
        switch tables[chain.table].identity.family {
        case .ip: family == .v4
        case .ip6: family == .v6
        case .inet, .bridge, .arp, .netdev: true
        }
      }
    }
  }

  /// What a hook sees.
  enum Layer {
    /// Of a bridge.
    case frames
    case packets
  }
}
