import Network

/// Tables made ready to be run: what rules name is found once. An object, since every packet runs it.
final class FilterProgram {
  /// A base chain with the table that it stands in.
  struct BaseChain {
    var table: TableProgram
    var name: String
    var base: Chain.Base
  }

  final class TableProgram {
    let identity: TableIdentity
    let chains: [String: [ProgramRule]]

    init(_ table: Table) {
      identity = table.identity
      let sets = table.sets.mapValues(SetIndex.init)
      chains = table.chains.mapValues { chain in
        chain.rules.enumerated().map { ProgramRule($1, number: $0 + 1, sets) }.filter { !$0.isIdle }
      }
    }
  }

  struct ProgramRule {
    let rule: Rule
    /// Its place in the chain, counted from 1.
    let number: Int
    /// The set that each expression asks, as long as the expressions.
    let sets: [SetIndex?]
    /// nil where there is none. How much has passed before decides whether it goes on.
    let firstLimit: Int?
    /// Something depends on the limit.
    let isLimitDecisive: Bool

    init(_ rule: Rule, number: Int, _ all: [String: SetIndex]) {
      self.rule = rule
      self.number = number
      sets = rule.expressions.map { $0.set.flatMap { all[$0] } }
      firstLimit = rule.expressions.firstIndex(where: \.isLimit)
      isLimitDecisive = firstLimit.map { rule.expressions[$0...].contains(where: \.decides) } ?? false
    }

    /// It asks a set that has no members before it does anything: no packet gets further.
    var isIdle: Bool {
      for (expression, set) in zip(rule.expressions, sets) {
        switch expression {
        case .lookup(_, _, isInverted: false), .map: if let set, set.isEmpty, set.isKnown { return true }
        case .meta, .conntrack, .payload, .compare, .mask, .load, .counter, .log, .destinationType, .lookup: continue
        case .setMeta, .verdict, .limit, .reject, .masquerade, .translate, .other: return false
        }
        if expression.decides { return false }
      }
      return false
    }
  }

  /// By layer, family and hook.
  private let chains: [Place: [BaseChain]]

  private struct Place: Hashable {
    var layer: Layer
    var hook: Chain.Hook
    var family: IPAddress.Family
  }

  init(_ tables: [Table]) {
    var chains: [Place: [BaseChain]] = [:]
    for table in tables.filter({ !$0.header.isDormant }).sorted(by: { $0.identity < $1.identity }) {
      let program = TableProgram(table)
      for chain in table.chains.values.sorted(by: { $0.name < $1.name }) {
        guard let base = chain.base else { continue }
        let (layer, families): (Layer, [IPAddress.Family]) =
          switch table.identity.family {
          case .inet: (.packets, IPAddress.Family.allCases)
          case .ip: (.packets, [.v4])
          case .ip6: (.packets, [.v6])
          case .bridge: (.frames, IPAddress.Family.allCases)
          // They see neither routed packets nor frames of a bridge.
          case .arp, .netdev: (.frames, [])
          }
        for family in families {
          chains[Place(layer: layer, hook: base.hook, family: family), default: []].append(
            BaseChain(table: program, name: chain.name, base: base))
        }
      }
    }
    self.chains = chains.mapValues { chains in
      chains.enumerated().sorted { ($0.element.base.priority, $0.offset) < ($1.element.base.priority, $1.offset) }
        .map(\.element)
    }
  }

  /// In the order of their priority.
  func chains(_ layer: Layer, at hook: Chain.Hook, _ family: IPAddress.Family) -> [BaseChain] {
    chains[Place(layer: layer, hook: hook, family: family)] ?? []
  }

  /// What a hook sees.
  enum Layer {
    /// Of a bridge.
    case frames
    case packets
  }
}

extension Expression {
  fileprivate var isLimit: Bool { if case .limit = self { true } else { false } }

  /// The name of the set or map that it asks.
  fileprivate var set: String? {
    switch self {
    case .lookup(_, let set, _), .map(_, let set, _): set
    default: nil
    }
  }

  /// It may end the packet's way through the chain, or change the packet.
  fileprivate var decides: Bool {
    switch self {
    case .verdict, .reject, .masquerade, .translate, .setMeta, .other: true
    case .map(_, _, let into): into == nil
    case .meta, .conntrack, .payload, .compare, .mask, .lookup, .load, .counter, .limit, .log, .destinationType: false
    }
  }
}
