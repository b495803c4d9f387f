package import Network

/// A table as the kernel has it, with the handles by which its parts are changed.
package struct ObservedTable: Hashable, Sendable {
  package var table: Table
  /// NFT_TABLE_F_*, also those that `table` has no word for.
  package var flags: UInt32
  package var handle: UInt64
  /// Of the chains, by name.
  package var chainHandles: [String: UInt64]
  /// Of the rules of each chain, in their order.
  package var ruleHandles: [String: [UInt64]]

  package init(
    table: Table, flags: UInt32 = 0, handle: UInt64 = 0, chainHandles: [String: UInt64] = [:],
    ruleHandles: [String: [UInt64]] = [:]
  ) {
    self.table = table
    self.flags = flags
    self.handle = handle
    self.chainHandles = chainHandles
    self.ruleHandles = ruleHandles
  }
}

/// Some tables, as they were together at one moment.
package struct RulesetObservation: Hashable, Sendable {
  /// The kernel's number of the ruleset of this network namespace; each commit makes a new one.
  package var generation: UInt32
  package var tables: [TableIdentity: ObservedTable]

  package init(generation: UInt32, tables: [TableIdentity: ObservedTable]) {
    self.generation = generation
    self.tables = tables
  }
}
