import Host
import HostTesting
import LinuxHost
import NFTables
import Netlink
import Network
import Reconcile
import Testing

@testable import Resources

/// The compiled tables in nftables of a namespace of the test's own.
@Suite(.enabled(if: TestNamespace.isAvailable, "needs root and ip"))
struct FirewallKernelTests {
  static let closed = ForwardingState(ipv4: false, ipv6: false)

  /// A namespace with the sample's tables in it.
  static func withTables(
    _ body: (TestNamespace, LinuxPacketFilter, [Table]) async throws -> Void
  ) async throws {
    try await TestNamespace.with { space in
      let filter = LinuxPacketFilter(in: try .named(space.name))
      let tables = try FirewallSample.policy().tables(former: closed)
      try await filter.commit(tables)
      try await body(space, filter, tables)
    }
  }

  static func reasons(_ filter: LinuxPacketFilter, _ tables: [Table]) async throws -> [String] {
    let observed = try await filter.observe(Set(tables.map(\.identity)))
    let byIdentity = Dictionary(uniqueKeysWithValues: observed.map { ($0.identity, $0) })
    return TableComparison(from: byIdentity, to: tables).reasons.map { reason in
      "\(reason.path): \(reason.before ?? "-") -> \(reason.after ?? "-")"
    }
  }

  static func generation(_ space: TestNamespace) throws -> UInt32 {
    var session = try FilterSession.open(in: .named(space.name))
    return try session.generation()
  }

  /// Handles of the tables and their base chains.
  static func handles(_ space: TestNamespace, _ tables: [Table]) throws -> [String: UInt64] {
    var session = try FilterSession.open(in: .named(space.name))
    var handles: [String: UInt64] = [:]
    for (identity, observed) in try session.observe(Set(tables.map(\.identity))).tables {
      handles["\(identity)"] = observed.handle
      for (name, chain) in observed.table.chains where chain.base != nil {
        handles["\(identity) \(name)"] = observed.chainHandles[name]
      }
    }
    return handles
  }

  @Test func theTablesArriveAsTheyWereMeant() async throws {
    try await Self.withTables { _, filter, tables in
      let reasons = try await Self.reasons(filter, tables)
      #expect(reasons == [])
      let observed = try await filter.observe(Set(tables.map(\.identity)))
      #expect(Set(observed) == Set(tables))
    }
  }

  @Test func aSecondCommitSendsNothing() async throws {
    try await Self.withTables { space, filter, tables in
      let before = try Self.generation(space)
      try await filter.commit(tables)
      let after = try Self.generation(space)
      #expect(after == before)
    }
  }

  @Test func aListingThatNftLoadsAgainIsNoDrift() async throws {
    try await Self.withTables { space, filter, tables in
      // nft 1.0.6 has no word for the flag `persist`: it writes "flags" and nothing behind, which it does not read.
      try space.run(
        "sh", "-c",
        "f=$(mktemp) && nft list ruleset | sed '/^\tflags $/d' > $f && nft flush ruleset && nft -f $f && rm $f")
      let reasons = try await Self.reasons(filter, tables)
      #expect(reasons == [])
    }
  }

  @Test func aTrialChangesNothing() async throws {
    try await TestNamespace.with { space in
      let filter = LinuxPacketFilter(in: try .named(space.name))
      let tables = try FirewallSample.policy().tables(former: ForwardingState(ipv4: false, ipv6: false))
      let before = try Self.generation(space)
      let refusals = try await filter.refusals(of: tables)
      #expect(refusals == [])
      var lacking = tables
      lacking[1].chains["guard_to"]?.rules.append(Rule(.goto("nowhere")))
      let found = try await filter.refusals(of: lacking)
      #expect(found.map(\.errno) == [2])
      #expect(found.first?.object.contains("of table bridge meros_lab") == true, "\(found)")
      let after = try Self.generation(space)
      #expect(after == before)
      let listing = try space.run("nft", "list", "ruleset")
      #expect(listing.isEmpty)
    }
  }

  struct Drift: CustomTestStringConvertible, Sendable {
    var command: String
    var reason: String
    var testDescription: String { command }
  }

  @Test(arguments: [
    Drift(
      command: "delete element bridge meros_lab taps { web }",
      reason: #"bridge set taps element "web": - -> present"#),
    Drift(
      command: "add element inet meros_lab br_egress { eth7 }",
      reason: #"inet set br_egress element "eth7": present -> -"#),
    Drift(
      command: "add element inet meros_lab host_port_range { lab-lan . udp . 1-65535 }",
      reason: #"inet set host_port_range element "lab-lan" . udp . 1-65535: present -> -"#),
    Drift(
      command: "insert rule inet meros_lab from_vm accept",
      reason: "inet chain from_vm rule 1: accept -> -"),
    Drift(
      command: "add rule inet meros_lab from_vm ip daddr { 192.0.2.1, 192.0.2.2 } accept",
      reason: "inet chain from_vm rule 13: "),
    Drift(command: "flush chain bridge meros_lab guard_to", reason: "bridge chain guard_to rule 1: - -> "),
    Drift(command: "add chain inet meros_lab mine", reason: "inet chain mine: present -> -"),
    Drift(
      command: "add chain inet meros_lab mine { type filter hook input priority 7; policy drop; }",
      reason: "inet chain mine: present -> -"),
    Drift(
      command: "add set inet meros_lab mine { type ipv4_addr; elements = { 192.0.2.1 }; }",
      reason: "inet set mine: present -> -"),
    Drift(command: "add counter inet meros_lab mine", reason: "inet object mine: present -> -"),
    Drift(
      command: "add chain inet meros_lab input { type filter hook input priority filter; policy drop; }",
      reason: "inet chain input: "),
    Drift(command: "delete table bridge meros_lab", reason: "table bridge meros_lab: - -> present"),
  ])
  func driftIsNamedAndMendedInPlace(_ drift: Drift) async throws {
    try await Self.withTables { space, filter, tables in
      let before = try Self.handles(space, tables)
      try space.run("nft", drift.command)
      let reasons = try await Self.reasons(filter, tables)
      #expect(reasons.contains { $0.hasPrefix(drift.reason) }, "\(reasons)")
      try await filter.commit(tables)
      let left = try await Self.reasons(filter, tables)
      #expect(left == [])
      let after = try Self.handles(space, tables)
      for (object, handle) in before where !drift.command.hasPrefix("delete table") {
        #expect(after[object] == handle, "\(object)")
      }
    }
  }

  @Test func aTableThatWasPutToSleepIsWoken() async throws {
    try await Self.withTables { space, filter, tables in
      let table = tables[0].identity
      var session = try FilterSession.open(in: .named(space.name))
      let flags = try session.observe([table]).tables[table]?.flags ?? 0
      // The kernel lets nobody change `persist`, so nft, which does not know it, cannot do this.
      try session.commit([.setFlags(table, flags | 1)], generation: nil)
      let asleep = try await Self.reasons(filter, tables)
      #expect(asleep == ["table inet meros_lab: dormant -> active"])
      try await filter.commit(tables)
      let awake = try await Self.reasons(filter, tables)
      #expect(awake == [])
    }
  }

  @Test func oneMemberIsOneElementAndOneGeneration() async throws {
    try await Self.withTables { space, filter, tables in
      var policy = try FirewallSample.policy()
      policy.bridges[0].allowedPorts.append(try #require(PortRange("443")))
      let desired = policy.tables(former: Self.closed)
      var session = try FilterSession.open(in: .named(space.name))
      let observation = try session.observe(Set(tables.map(\.identity)))
      let operations = operations(from: observation.tables, to: desired)
      #expect(
        operations.map(\.object) == [
          #"element "lab-lan" . tcp . 443 of set host_port of table inet meros_lab"#
        ])
      try await filter.commit(desired)
      let generation = try Self.generation(space)
      #expect(generation == observation.generation + 1)
    }
  }

  @Test func aDryRunChangesNothingAndNamesWhatIsWrong() async throws {
    try await Self.withTables { space, _, tables in
      var session = try FilterSession.open(in: .named(space.name))
      let before = try session.generation()
      let table = tables[0].identity
      try session.commit([.addChain(table, Chain("more"))], generation: nil, isTrial: true)
      #expect(throws: NFTablesError.refused([.init(object: "rule of chain nowhere of table \(table)", errno: 2)])) {
        try session.commit([.addRule(table, chain: "nowhere", Rule(.drop), before: nil)], generation: nil)
      }
      let after = try session.generation()
      #expect(after == before)
      #expect(throws: NFTablesError.overtaken) {
        try session.commit([.addChain(table, Chain("more"))], generation: before &- 1)
      }
    }
  }

  @Test func whatBelongsToOthersStaysAsItIs() async throws {
    try await TestNamespace.with { space in
      try space.run(
        "nft", "table ip filter { chain FORWARD { type filter hook forward priority 0; policy drop; counter; }; }")
      try space.run("nft", "table inet other { set s { type ipv4_addr; elements = { 192.0.2.1 }; }; }")
      let before = try space.run("nft", "list", "ruleset")
      let filter = LinuxPacketFilter(in: try .named(space.name))
      let tables = try FirewallSample.policy().tables(former: Self.closed)
      try await filter.commit(tables)
      try await filter.remove(Set(tables.map(\.identity)))
      try await filter.remove(Set(tables.map(\.identity)))
      let after = try space.run("nft", "list", "ruleset")
      #expect(after == before)
    }
  }

  @Test func whatIsRefusedIsNamedAndNothingIsDone() async throws {
    try await Self.withTables { space, filter, tables in
      let before = try Self.generation(space)
      var broken = tables
      broken[0].chains["forward"]?.rules.append(Rule(.goto("absent")))
      broken[0].sets["br_host"]?.elements.insert(SetElement(.link(try FirewallSample.link("lab-lan"))))
      do {
        try await filter.commit(broken)
        Issue.record("a rule without its chain was taken")
      } catch let error as HostError {
        guard case .refused(let refusals) = error.cause else { throw error }
        #expect(refusals.map(\.object) == ["rule of chain forward of table inet meros_lab"])
      }
      let after = try Self.generation(space)
      #expect(after == before)
    }
  }
}
