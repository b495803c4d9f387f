package import Network

/// One change to one object of a table.
package enum Operation: Hashable, Sendable {
  case addTable(TableHeader)
  /// Writes the flags of a table that is there: NFT_TABLE_F_*.
  case setFlags(TableIdentity, UInt32)
  case deleteTable(TableIdentity)
  /// Without its rules.
  case addChain(TableIdentity, Chain)
  case setPolicy(TableIdentity, Chain)
  case deleteChain(TableIdentity, String)
  /// Without its elements.
  case addSet(TableIdentity, SetDefinition)
  case deleteSet(TableIdentity, String)
  case addElements(TableIdentity, SetDefinition, [SetElement])
  case deleteElements(TableIdentity, SetDefinition, [SetElement])
  /// Before the rule with this handle; nil for the end of the chain.
  case addRule(TableIdentity, chain: String, Rule, before: UInt64?)
  case deleteRule(TableIdentity, chain: String, handle: UInt64)
  case deleteOther(TableIdentity, OtherObject)

  /// In which order operations stand in a batch: what refers goes before what is referred to, and comes after it.
  var rank: Int {
    switch self {
    case .deleteTable: 0
    case .deleteRule: 1
    case .deleteElements: 2
    case .deleteSet, .deleteOther: 3
    case .deleteChain: 4
    case .addTable: 5
    case .setFlags: 6
    case .addChain, .setPolicy: 7
    case .addSet: 8
    case .addElements: 9
    case .addRule: 10
    }
  }

  /// The object as a person would name it.
  package var object: String {
    switch self {
    case .addTable(let header): "table \(header.identity)"
    case .setFlags(let table, _), .deleteTable(let table): "table \(table)"
    case .addChain(let table, let chain), .setPolicy(let table, let chain): "chain \(chain.name) of table \(table)"
    case .deleteChain(let table, let name): "chain \(name) of table \(table)"
    case .addSet(let table, let set): "set \(set.name) of table \(table)"
    case .deleteSet(let table, let name): "set \(name) of table \(table)"
    case .addElements(let table, let set, let elements), .deleteElements(let table, let set, let elements):
      elements.count == 1
        ? "element \(set.text(of: elements[0])) of set \(set.name) of table \(table)"
        : "\(elements.count) elements of set \(set.name) of table \(table)"
    case .addRule(let table, let chain, let rule, _):
      "rule \(rule.comment.map { "\"\($0)\" " } ?? "")of chain \(chain) of table \(table)"
    case .deleteRule(let table, let chain, let handle): "rule \(handle) of chain \(chain) of table \(table)"
    case .deleteOther(let table, let other): "object \(other.name) of table \(table)"
    }
  }
}
