import CMnl
import CNftnl
import Glibc
import Netlink
package import Network

extension FilterSession {
  /// A chain with more rules is not read: whoever has so many has better places for what concerns us.
  private static let mostRules: UInt32 = 256

  /// The base chains of these tables that judge packets at input, forward and output, with the rules of those chains and
  /// of the ones that they lead to. Of all else, also of what is in sets, nothing is read.
  package mutating func hookedChains(of tables: Set<TableIdentity>) throws(NFTablesError) -> [HookedChain] {
    do throws(NetlinkError) {
      return try readHooks(of: tables).sorted { ($0.table, $0.name) < ($1.table, $1.name) }
    } catch {
      throw .netlink(error)
    }
  }

  private mutating func readHooks(of tables: Set<TableIdentity>) throws(NetlinkError) -> [HookedChain] {
    var found: [HookedChain] = []
    for family in Set(tables.map(\.family)).sorted() {
      let chains = try socket.dump(Self.request(NFT_MSG_GETCHAIN, family.number), DecodedChain.init)
      for (name, own) in Dictionary(grouping: chains, by: \.table) {
        let table = TableIdentity(family, name)
        guard tables.contains(table) else { continue }
        let sizes = Dictionary(own.map { ($0.chain.name, $0.useCount) }) { first, _ in first }
        var rules: [String: [Rule]] = [:]
        for chain in own {
          guard let base = chain.chain.base, base.judgesPackets else { continue }
          try readRules(from: chain.chain.name, in: table, sizes, &rules)
          found.append(
            HookedChain(
              table: table, name: chain.chain.name, base: base,
              rules: Self.reachable(from: chain.chain.name, in: rules), neighbors: Set(sizes.keys)))
        }
      }
    }
    return found
  }

  private mutating func readRules(
    from first: String, in table: TableIdentity, _ sizes: [String: UInt32], _ rules: inout [String: [Rule]]
  ) throws(NetlinkError) {
    var open = [first]
    while let chain = open.popLast() {
      guard rules[chain] == nil, let size = sizes[chain], size <= Self.mostRules else { continue }
      let request = Self.request(
        NFT_MSG_GETRULE, table.family.number,
        [(Int(NFTA_RULE_TABLE.rawValue), table.name), (Int(NFTA_RULE_CHAIN.rawValue), chain)])
      var read: [Rule] = []
      do throws(NetlinkError) {
        read = try socket.dump(request, DecodedRule.init).map(\.rule)
      } catch  where error.code == ENOENT {
        // It went meanwhile.
      }
      rules[chain] = read
      open += read.flatMap(\.targets)
    }
  }

  private static func reachable(from first: String, in rules: [String: [Rule]]) -> [String: [Rule]] {
    var found: [String: [Rule]] = [:]
    var open = [first]
    while let chain = open.popLast() {
      guard found[chain] == nil, let own = rules[chain] else { continue }
      found[chain] = own
      open += own.flatMap(\.targets)
    }
    return found
  }
}

extension Chain.Base {
  fileprivate var judgesPackets: Bool {
    guard type == .filter else { return false }
    return switch hook {
    case .input, .forward, .output: true
    case .prerouting, .postrouting, .ingress: false
    }
  }
}

extension Rule {
  /// The chains that it jumps or goes to.
  fileprivate var targets: [String] {
    expressions.compactMap { expression in
      switch expression {
      case .verdict(.jump(let chain)), .verdict(.goto(let chain)): chain
      default: nil
      }
    }
  }
}
