package import Host
package import Network
package import Reconcile

/// The packet filter of the constellation: both its tables. Links stand on it, so that it is there before they are up
/// and knows them until they are gone.
package struct Firewall: Resource {
  package var policy: FilterPolicy

  package init(policy: FilterPolicy) { self.policy = policy }

  package static let kind = "firewall"
  package var name: String { policy.scope.constellation }
  package var dependencies: Set<ResourceAddress> { [] }

  package struct Observed: Equatable, Sendable {
    package var record: FirewallRecord
    /// One or both.
    package var tables: [Table]

    package init(record: FirewallRecord, tables: [Table]) {
      self.record = record
      self.tables = tables
    }
  }

  package static func observe(_ scope: Scope, on host: Host) async throws(HostError) -> [String: Observed] {
    let own = try await host.packetFilter.tables().filter { FirewallRecord($0.comment)?.scope == scope }
    guard let record = own.lazy.compactMap({ FirewallRecord($0.comment) }).first else { return [:] }
    let tables = try await host.packetFilter.observe(Set(own.map(\.identity)))
    // It went in between.
    guard !tables.isEmpty else { return [:] }
    return [scope.constellation: Observed(record: record, tables: tables)]
  }

  package static func change(
    _ name: String, from observed: Observed?, to desired: Firewall?, under circumstances: Circumstances
  ) -> Change? {
    switch (observed, desired) {
    case (nil, nil): nil
    case (nil, let desired?):
      Change(.create, disruption: .live, setUp: creation(of: desired.policy))
    case (let observed?, nil):
      Change(.delete, disruption: .live, tearDown: [RemoveTables(tables: observed.tables.map(\.identity).sorted())])
    case (let observed?, let desired?): update(from: observed, to: desired.policy)
    }
  }

  /// Without tables everything passed that others did not stop.
  private static func creation(of policy: FilterPolicy) -> [any Action] {
    let tables = policy.tables(former: ForwardingState(ipv4: true, ipv6: true))
    return [
      CreateTables(policy: policy, hasToEnd: true), EndRefusedConnections(policy: policy, tables: tables),
      CreateTables(policy: policy),
    ]
  }

  /// What comes and what is narrowed goes in before any VM stops and any link goes up; members of links that vanish
  /// stay until those are gone.
  private static func update(from observed: Observed, to policy: FilterPolicy) -> Change? {
    let before = Dictionary(observed.tables.map { ($0.identity, $0) }) { _, last in last }
    let final = policy.tables(former: observed.record.former).map { $0.keepingHeader(of: before[$0.identity]) }
    let reasons = TableComparison(from: before, to: final).reasons
    guard !reasons.isEmpty else { return nil }
    let first = final.map { table in table.with(membersOfVanished(table, before[table.identity], policy.links)) }
    let needsFirst = first.contains { before[$0.identity] != $0 }
    let needsLast = first != final
    var setUp: [any Action] = []
    if needsFirst, narrows(before, final) {
      setUp = [
        CommitTables(tables: EndingSign.put(in: first)), EndRefusedConnections(policy: policy, tables: final),
        CommitTables(tables: first),
      ]
    } else if needsFirst {
      setUp = [CommitTables(tables: first)]
    }
    return Change(
      .update, reasons: reasons, disruption: .live, tearDown: needsLast ? [CommitTables(tables: final)] : [],
      setUp: setUp, order: .setUpFirst)
  }

  /// Something goes that may have let a connection pass, or did so before and was not finished.
  private static func narrows(_ before: [TableIdentity: Table], _ after: [Table]) -> Bool {
    if EndingSign.isIn(before.values) { return true }
    return after.contains { table in
      guard let present = before[table.identity] else { return true }
      return present.chains != table.chains
        || present.sets.contains { !$1.elements.subtracting(table.sets[$0]?.elements ?? []).isEmpty }
    }
  }

  /// Members that are there, fit, and name a link that is no longer wanted.
  private static func membersOfVanished(
    _ desired: Table, _ observed: Table?, _ links: Set<LinkName>
  ) -> [String: Set<SetElement>] {
    var members: [String: Set<SetElement>] = [:]
    for (name, set) in desired.sets where set.key.first == .link {
      guard let present = observed?.sets[name], present.hasShape(of: set) else { continue }
      let vanished = present.elements.filter { element in
        guard let link = element.link, !element.isUnknown else { return false }
        return !links.contains(link) && !set.elements.contains(element)
      }
      if !vanished.isEmpty { members[name] = vanished }
    }
    return members
  }
}

extension Table {
  /// The comment is that of the creation whatever one writes, and only its owner can end an ownership.
  fileprivate func keepingHeader(of observed: Table?) -> Table {
    guard let observed else { return self }
    var table = self
    table.header.comment = observed.header.comment
    table.header.isOwned = observed.header.isOwned
    return table
  }

  fileprivate func with(_ members: [String: Set<SetElement>]) -> Table {
    var table = self
    for (name, elements) in members { table.sets[name]?.elements.formUnion(elements) }
    return table
  }
}

extension SetElement {
  /// The link that the first field of the key names; nil where it names none.
  fileprivate var link: LinkName? {
    LinkName(String(decoding: key.prefix(16).prefix { $0 != 0 }, as: UTF8.self))
  }
}
