import Host
import HostTesting
import Network
import Reconcile
import Testing

@testable import Resources

/// The resource on a host that exists only in memory.
struct FirewallTests {
  private struct Fixture {
    let filter: MemoryPacketFilter
    let forwarding: MemoryForwarding

    init(_ tables: [Table] = [], forwards: Bool = false) {
      filter = MemoryPacketFilter(tables)
      forwarding = MemoryForwarding(ForwardingState(ipv4: forwards, ipv6: false))
    }

    func perform(_ actions: [any Action]) async throws {
      for action in actions {
        switch action {
        case let action as CreateTables:
          let headers = try await filter.tables()
          try await filter.commit(action.tables(among: headers, now: try await forwarding.state()))
        case let action as CommitTables: try await filter.commit(action.tables)
        case let action as RemoveTables: try await filter.remove(Set(action.tables))
        default: Issue.record("\(action)")
        }
      }
    }

    func observed(_ scope: Scope) async throws -> Firewall.Observed? {
      let own = try await filter.tables().filter { FirewallRecord($0.comment)?.scope == scope }
      guard let record = own.lazy.compactMap({ FirewallRecord($0.comment) }).first else { return nil }
      return Firewall.Observed(record: record, tables: try await filter.observe(Set(own.map(\.identity))))
    }
  }

  private static func change(_ observed: Firewall.Observed?, _ policy: FilterPolicy?) -> Change? {
    Firewall.change("lab", from: observed, to: policy.map(Firewall.init), under: Circumstances())
  }

  @Test func creatingItTwiceLeavesNothingToDo() async throws {
    let host = Fixture(forwards: true)
    let policy = try FirewallSample.policy()
    let creation = try #require(Self.change(nil, policy))
    #expect(creation.verb == .create)
    try await host.perform(creation.setUp)
    let observed = try #require(try await host.observed(policy.scope))
    #expect(observed.record.former == ForwardingState(ipv4: true, ipv6: false))
    #expect(Self.change(observed, policy) == nil)
  }

  @Test func aSecondConstellationTakesOverTheFirstOnesRecord() async throws {
    let first = try FirewallSample.policy("first")
    let host = Fixture(first.tables(former: ForwardingState(ipv4: false, ipv6: false)), forwards: true)
    let second = try FirewallSample.policy("second")
    try await host.perform(try #require(Self.change(nil, second)).setUp)
    let observed = try #require(try await host.observed(second.scope))
    #expect(observed.record.former == ForwardingState(ipv4: false, ipv6: false))
  }

  @Test func aVanishingTapStaysKnownUntilItIsGone() async throws {
    let policy = try FirewallSample.policy()
    let host = Fixture(policy.tables(former: ForwardingState(ipv4: true, ipv6: true)))
    var smaller = policy
    let gone = smaller.taps.removeFirst()
    smaller.bridges[0].allowedPorts = []
    let observed = try #require(try await host.observed(policy.scope))
    let change = try #require(Self.change(observed, smaller))
    #expect(change.verb == .update)
    #expect(change.disruption == .live)
    #expect(change.order == .setUpFirst)
    #expect(change.reasons.contains { $0.path == #"bridge set taps element "web""# && $0.before != nil })
    try await host.perform(change.setUp)
    let between = try #require(try await host.observed(policy.scope))
    // The narrowing is there at once, the tap's own members are too, still.
    #expect(between.tables.first { $0.identity.family == .inet }?.sets["host_port"]?.elements == [])
    let taps = between.tables.first { $0.identity.family == .bridge }?.sets["taps"]?.elements ?? []
    #expect(taps.contains { $0.comment == gone.vm })
    try await host.perform(change.tearDown)
    #expect(Self.change(try await host.observed(policy.scope), smaller) == nil)
  }

  @Test func interruptedAnywhereTheNextChangeFinishes() async throws {
    let policy = try FirewallSample.policy()
    var smaller = policy
    smaller.taps.removeFirst()
    let host = Fixture(policy.tables(former: ForwardingState(ipv4: true, ipv6: true)))
    let first = try #require(Self.change(try await host.observed(policy.scope), smaller))
    // Nothing but the vanished tap differs, so there is nothing to set up before.
    #expect(first.setUp.isEmpty)
    let second = try #require(Self.change(try await host.observed(policy.scope), smaller))
    try await host.perform(second.setUp + second.tearDown)
    #expect(Self.change(try await host.observed(policy.scope), smaller) == nil)
  }

  @Test func somebodyElsesTableOfTheNameIsNotOurs() async throws {
    let policy = try FirewallSample.policy()
    let name = FilterPolicy.tables(of: "lab").inet
    let host = Fixture([Table(header: TableHeader(identity: name, comment: "mine"))])
    #expect(try await host.observed(policy.scope) == nil)
    #expect(Firewall(policy: policy).claims.contains(.table(name)))
  }

  @Test func whatIsNoLongerWantedGoesAfterTheLinks() async throws {
    let policy = try FirewallSample.policy()
    let host = Fixture(policy.tables(former: ForwardingState(ipv4: true, ipv6: true)))
    let change = try #require(Self.change(try await host.observed(policy.scope), nil))
    #expect(change.verb == .delete)
    #expect(change.setUp.isEmpty)
    try await host.perform(change.tearDown)
    #expect(try await host.filter.tables() == [])
  }

  @Test func aFlushedSetFillsNoScreen() throws {
    var policy = try FirewallSample.policy()
    policy.taps = try (0..<200).map { try FirewallSample.tap("tap\($0)", bridge: "lan", mac: UInt64($0), "10.77.0.9") }
    let tables = policy.tables(former: ForwardingState(ipv4: true, ipv6: true))
    var flushed = tables
    flushed[1].sets["taps"]?.elements = []
    let observed = Dictionary(uniqueKeysWithValues: flushed.map { ($0.identity, $0) })
    let reasons = TableComparison(from: observed, to: tables).reasons
    #expect(reasons.count == 41)
    #expect(reasons.last == Reason("…", before: nil, after: "160 more"))
  }

  @Test func theRecordIsReadAsItWasWritten() throws {
    for former in [(false, false), (true, false), (false, true), (true, true)] {
      let record = FirewallRecord(
        scope: try FirewallSample.scope(String(repeating: "l", count: 31)),
        former: ForwardingState(ipv4: former.0, ipv6: former.1))
      #expect(FirewallRecord(record.description) == record)
      // nft cuts comments at 127 bytes.
      #expect(record.description.utf8.count <= 127)
    }
    for text in [
      "", "mine", "meros:lab:0123456789abcdef:firewall.lab", "meros:lab:0123456789abcdef:tap.x forwarding=00",
    ] {
      #expect(FirewallRecord(text) == nil)
    }
    #expect(FirewallRecord(nil) == nil)
  }

  @Test func rangesThatTouchBecomeOneAndCoveredPrefixesGo() throws {
    #expect(union(of: [5...9, 1...4, 20...30, 22...25]) == [1...9, 20...30])
    #expect(union(of: [65535...65535, 1...65535]) == [1...65535])
    let prefixes = try ["10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/16", "11.0.0.0/8", "fd00::/8", "fd00:1::/32"].map {
      try #require(IPPrefix($0))
    }
    #expect(withoutCovered(prefixes).map(\.description) == ["10.0.0.0/8", "11.0.0.0/8", "fd00::/8"])
  }

  @Test func policiesDifferInMembersAndNeverInRules() throws {
    var policy = try FirewallSample.policy()
    let former = ForwardingState(ipv4: true, ipv6: true)
    let rules = policy.tables(former: former).map(\.chains)
    for word in FilterPolicy.BridgePolicy.allCases {
      policy.bridges[0].policy = word
      policy.taps.append(try FirewallSample.tap("more\(word)", bridge: "lan", mac: 77, "10.77.0.77"))
      #expect(policy.tables(former: former).map(\.chains) == rules)
    }
  }
}
