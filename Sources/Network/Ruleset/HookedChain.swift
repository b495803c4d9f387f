/// A base chain with the chains that it leads to, as far as they were read: what becomes of a packet there.
package struct HookedChain: Hashable, Sendable {
  package var table: TableIdentity
  package var name: String
  package var base: Chain.Base
  /// By the chain's name: the rules of the chain itself and of those that it leads to. One that is missing has more rules
  /// than are worth reading.
  package var rules: [String: [Rule]]
  /// All chains of the table: they tell whose it is.
  package var neighbors: Set<String>

  package init(
    table: TableIdentity, name: String, base: Chain.Base, rules: [String: [Rule]], neighbors: Set<String> = []
  ) {
    self.table = table
    self.name = name
    self.base = base
    self.rules = rules
    self.neighbors = neighbors
  }
}
