package import Host
import NFTables
package import Netlink
package import Network

/// nftables of one network namespace, by netlink.
package struct LinuxPacketFilter: PacketFilter {
  private let namespace: NetworkNamespace

  package init(in namespace: NetworkNamespace = .current) { self.namespace = namespace }

  package func tables() async throws(HostError) -> [TableHeader] {
    do throws(NFTablesError) {
      var session = try FilterSession.open(in: namespace)
      return try session.headers()
    } catch {
      throw HostError("list tables", error)
    }
  }

  package func observe(_ tables: Set<TableIdentity>) async throws(HostError) -> [Table] {
    do throws(NFTablesError) {
      var session = try FilterSession.open(in: namespace)
      return try session.observe(tables).tables.values.map(\.table).sorted { $0.identity < $1.identity }
    } catch {
      throw HostError("observe tables \(Self.names(tables))", error)
    }
  }

  package func hookedChains(of tables: Set<TableIdentity>) async throws(HostError) -> [HookedChain] {
    do throws(NFTablesError) {
      var session = try FilterSession.open(in: namespace)
      return try session.hookedChains(of: tables)
    } catch {
      throw HostError("observe base chains of \(Self.names(tables))", error)
    }
  }

  package func commit(_ tables: [Table]) async throws(HostError) {
    try await settle(tables, without: [], "commit tables \(Self.names(tables.map(\.identity)))")
  }

  package func refusals(of tables: [Table]) async throws(HostError) -> [HostError.Refusal] {
    do throws(NFTablesError) {
      var session = try FilterSession.open(in: namespace)
      try session.commit(operations(from: [:], to: tables), generation: nil, isTrial: true)
      return []
    } catch {
      let error = HostError("try tables \(Self.names(tables.map(\.identity)))", error)
      guard case .refused(let refusals) = error.cause else { throw error }
      return refusals
    }
  }

  package func remove(_ tables: Set<TableIdentity>) async throws(HostError) {
    try await settle([], without: tables, "remove tables \(Self.names(tables))")
  }

  /// Looks, changes what differs, and does so again until nothing does: what others commit in between makes a look
  /// worthless, and what they do to our tables makes an operation fail.
  private func settle(
    _ tables: [Table], without removed: Set<TableIdentity>, _ deed: String
  ) async throws(HostError) {
    let identities = removed.union(tables.map(\.identity))
    // Where others commit all the time no look stays true; they rarely touch what is ours, and what they do to it shows
    // in the next look: after a few times the number of the ruleset no longer counts.
    let (attempts, careful) = (24, 4)
    for attempt in 1... {
      do throws(NFTablesError) {
        var session = try FilterSession.open(in: namespace)
        let observation = try session.observe(identities)
        let operations = operations(from: observation.tables, to: tables, without: removed)
        if operations.isEmpty { return }
        try session.commit(operations, generation: attempt <= careful ? observation.generation : nil)
        if attempt <= careful { return }
      } catch {
        // What is refused may have been changed after the look; the second time it is the kernel's last word.
        let isFinal =
          switch error {
          case .overtaken: attempt >= attempts
          case .refused: attempt > careful + 2 || attempt <= careful
          case .netlink, .unwritable: true
          }
        if isFinal { throw HostError(deed, error) }
      }
      if attempt >= attempts { throw HostError(deed, NFTablesError.overtaken) }
      do {
        // Longer each time, and not in step with another one that waits.
        try await Task.sleep(for: .microseconds(Int.random(in: 200...400) * attempt))
      } catch {
        throw HostError(deed, .cancelled)
      }
    }
  }

  private static func names(_ tables: some Sequence<TableIdentity>) -> String {
    tables.sorted().map(\.description).joined(separator: ", ")
  }
}
