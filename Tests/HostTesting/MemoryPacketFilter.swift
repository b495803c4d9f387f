package import Host
package import Network
import Synchronization

/// The nftables of a machine that exists only here. Keeps what the kernel keeps: the comment of a table's creation.
package final class MemoryPacketFilter: PacketFilter {
  private let present: Mutex<[TableIdentity: Table]>
  private let faults: FaultPlan
  private let lacking: [HostError.Refusal]

  /// - Parameters:
  ///   - tables: are there from the start.
  ///   - lacking: what it refuses of every table that nobody has made yet.
  package init(_ tables: [Table] = [], faults: FaultPlan = FaultPlan(), lacking: [HostError.Refusal] = []) {
    present = Mutex(Dictionary(tables.map { ($0.identity, $0) }) { _, last in last })
    self.lacking = lacking
    self.faults = faults
  }

  /// Does to the tables what somebody else might.
  package func meddle(_ body: (inout [TableIdentity: Table]) -> Void) {
    present.withLock { body(&$0) }
  }

  package func tables() async throws(HostError) -> [TableHeader] {
    present.withLock { $0.values.map(\.header).sorted { $0.identity < $1.identity } }
  }

  package func observe(_ tables: Set<TableIdentity>) async throws(HostError) -> [Table] {
    present.withLock { $0.values.filter { tables.contains($0.identity) }.sorted { $0.identity < $1.identity } }
  }

  package func hookedChains(of tables: Set<TableIdentity>) async throws(HostError) -> [HookedChain] {
    try await observe(tables).flatMap { table in
      table.chains.values.sorted { $0.name < $1.name }.compactMap { chain in
        guard let base = chain.base, base.type == .filter, [.input, .forward, .output].contains(base.hook) else {
          return nil
        }
        return HookedChain(
          table: table.identity, name: chain.name, base: base, rules: table.chains.mapValues(\.rules),
          neighbors: Set(table.chains.keys))
      }
    }
  }

  package func commit(_ tables: [Table]) async throws(HostError) {
    let settled = present.withLock { present in tables.map { Self.kept($0, over: present[$0.identity]) } }
    guard present.withLock({ present in settled.contains { present[$0.identity] != $0 } }) else { return }
    try faults.check("commit tables \(Self.names(tables.map(\.identity)))")
    present.withLock { present in
      for table in settled { present[table.identity] = table }
    }
  }

  package func refusals(of tables: [Table]) async throws(HostError) -> [HostError.Refusal] { lacking }

  package func remove(_ tables: Set<TableIdentity>) async throws(HostError) {
    let there = present.withLock { tables.intersection($0.keys) }
    guard !there.isEmpty else { return }
    try faults.check("remove tables \(Self.names(there))")
    present.withLock { present in
      for table in there { present[table] = nil }
    }
  }

  private static func kept(_ table: Table, over present: Table?) -> Table {
    guard let present else { return table }
    var table = table
    table.header.comment = present.header.comment
    table.header.isOwned = present.header.isOwned
    return table
  }

  private static func names(_ tables: some Sequence<TableIdentity>) -> String {
    tables.sorted().map(\.description).joined(separator: ", ")
  }
}
