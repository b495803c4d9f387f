import Host
import HostTesting
import Network
import Reconcile
import Testing

@testable import Resources

/// The resource on a host that exists only in memory.
struct FirewallTests {
  private static func host(_ tables: [Table] = []) -> MemoryHost { MemoryHost(tables: tables) }

  private static func perform(_ actions: [any Action], on memory: MemoryHost) async throws {
    for action in actions { try await action.perform(on: memory.host) }
  }

  private static func observed(_ scope: Scope, on memory: MemoryHost) async throws -> Firewall.Observed? {
    try await Firewall.observe(scope, on: memory.host)[scope.constellation]
  }

  private static func change(_ observed: Firewall.Observed?, _ policy: FilterPolicy?) -> Change? {
    Firewall.change("lab", from: observed, to: policy.map(Firewall.init), under: Circumstances())
  }

  @Test func creatingItTwiceLeavesNothingToDo() async throws {
    let host = Self.host()
    try await host.forwarding.set(ForwardingState(ipv4: true, ipv6: false))
    let policy = try FirewallSample.policy()
    let creation = try #require(Self.change(nil, policy))
    #expect(creation.verb == .create)
    try await Self.perform(creation.setUp, on: host)
    let observed = try #require(try await Self.observed(policy.scope, on: host))
    #expect(observed.record.former == ForwardingState(ipv4: true, ipv6: false))
    #expect(Self.change(observed, policy) == nil)
  }

  @Test func aSecondConstellationTakesOverTheFirstOnesRecord() async throws {
    let first = try FirewallSample.policy("first")
    let host = Self.host(first.tables(former: ForwardingState(ipv4: false, ipv6: false)))
    try await host.forwarding.set(ForwardingState(ipv4: true, ipv6: true))
    let second = try FirewallSample.policy("second")
    try await Self.perform(try #require(Self.change(nil, second)).setUp, on: host)
    let observed = try #require(try await Self.observed(second.scope, on: host))
    #expect(observed.record.former == ForwardingState(ipv4: false, ipv6: false))
  }

  @Test func aVanishingTapStaysKnownUntilItIsGone() async throws {
    let policy = try FirewallSample.policy()
    let host = Self.host(policy.tables(former: ForwardingState(ipv4: true, ipv6: true)))
    var smaller = policy
    let gone = smaller.taps.removeFirst()
    smaller.bridges[0].allowedPorts = []
    let observed = try #require(try await Self.observed(policy.scope, on: host))
    let change = try #require(Self.change(observed, smaller))
    #expect(change.verb == .update)
    #expect(change.disruption == .live)
    #expect(change.order == .setUpFirst)
    #expect(change.reasons.contains { $0.path == #"bridge set taps element "web""# && $0.before != nil })
    try await Self.perform(change.setUp, on: host)
    let between = try #require(try await Self.observed(policy.scope, on: host))
    // The narrowing is there at once, the tap's own members are too, still.
    #expect(between.tables.first { $0.identity.family == .inet }?.sets["host_port"]?.elements == [])
    let taps = between.tables.first { $0.identity.family == .bridge }?.sets["taps"]?.elements ?? []
    #expect(taps.contains { $0.comment == "virtual_machines.\(gone.vm)" })
    try await Self.perform(change.tearDown, on: host)
    #expect(Self.change(try await Self.observed(policy.scope, on: host), smaller) == nil)
  }

  @Test func interruptedAnywhereTheNextChangeFinishes() async throws {
    let policy = try FirewallSample.policy()
    var smaller = policy
    smaller.taps.removeLast()
    let host = Self.host(policy.tables(former: ForwardingState(ipv4: true, ipv6: true)))
    let first = try #require(Self.change(try await Self.observed(policy.scope, on: host), smaller))
    // Nothing but the vanished tap differs, so there is nothing to set up before.
    #expect(first.setUp.isEmpty)
    let second = try #require(Self.change(try await Self.observed(policy.scope, on: host), smaller))
    try await Self.perform(second.setUp + second.tearDown, on: host)
    #expect(Self.change(try await Self.observed(policy.scope, on: host), smaller) == nil)
  }

  /// A connection from web to db, on one bridge, and one from db to the world.
  private static func connections() throws -> [TrackedConnection] {
    func connection(_ id: UInt32, _ from: String, _ to: String) throws -> TrackedConnection {
      let (from, to) = (try #require(IPAddress(from)), try #require(IPAddress(to)))
      return TrackedConnection(
        original: .init(from: from, 40000, to: to, 80, transport: 6),
        reply: .init(from: to, 80, to: from, 40000, transport: 6), id: id)
    }
    return [try connection(1, "10.77.0.10", "10.77.0.11"), try connection(2, "10.77.0.11", "192.0.2.1")]
  }

  private static func connected() throws -> (MemoryHost, policy: FilterPolicy, isolated: FilterPolicy) {
    var policy = try FirewallSample.policy()
    policy.flows = []
    policy.forwards = []
    var isolated = policy
    isolated.bridges[0].policy = .isolated
    let tables = policy.tables(former: ForwardingState(ipv4: true, ipv6: true))
    return (MemoryHost(tables: tables, connections: try connections()), policy, isolated)
  }

  @Test(arguments: ["end 1 connections", "commit tables bridge meros_lab, inet meros_lab"])
  func whoIsInterruptedEndsConnectionsTheNextTime(_ refused: String) async throws {
    let (host, _, isolated) = try Self.connected()
    let first = try #require(Self.change(try await Self.observed(isolated.scope, on: host), isolated))
    try await first.setUp[0].perform(on: host.host)
    host.faults.refuse(refused)
    await #expect(throws: HostError.self) { try await Self.perform(Array(first.setUp.dropFirst()), on: host) }
    host.faults.relent()
    let second = try #require(Self.change(try await Self.observed(isolated.scope, on: host), isolated))
    #expect(second.disruption == .live)
    #expect(second.reasons == [Reason("connections", before: "some may go on that are refused now", after: "ended")])
    try await Self.perform(second.setUp + second.tearDown, on: host)
    #expect(try await host.sockets.connections().map(\.id) == [1])
    #expect(Self.change(try await Self.observed(isolated.scope, on: host), isolated) == nil)
  }

  @Test func whatBeganWhileTheTablesWereGoneEndsWithThem() async throws {
    let (host, policy, isolated) = try Self.connected()
    host.packetFilter.meddle { $0 = [:] }
    try await Self.perform(try #require(Self.change(nil, isolated)).setUp, on: host)
    #expect(try await host.sockets.connections().map(\.id) == [1])
    host.packetFilter.meddle { $0 = [:] }
    try await Self.perform(try #require(Self.change(nil, policy)).setUp, on: host)
    #expect(try await host.sockets.connections().map(\.id) == [1])
    #expect(Self.change(try await Self.observed(policy.scope, on: host), policy) == nil)
  }

  @Test func whatOnlyWidensEndsNothing() async throws {
    let (host, policy, isolated) = try Self.connected()
    let tables = isolated.tables(former: ForwardingState(ipv4: true, ipv6: true))
    host.packetFilter.meddle { $0 = Dictionary(uniqueKeysWithValues: tables.map { ($0.identity, $0) }) }
    let change = try #require(Self.change(try await Self.observed(policy.scope, on: host), policy))
    #expect(change.setUp.count == 1)
  }

  @Test func somebodyElsesTableOfTheNameIsNotOurs() async throws {
    let policy = try FirewallSample.policy()
    let name = FilterPolicy.tables(of: "lab").inet
    let host = Self.host([Table(header: TableHeader(identity: name, comment: "mine"))])
    #expect(try await Self.observed(policy.scope, on: host) == nil)
    #expect(Firewall(policy: policy).claims.contains(.table(name)))
    let foreign = try await Firewall.foreignClaims(policy.scope, on: host.host)
    #expect(foreign == [ForeignClaim(.table(name), holder: "table inet meros_lab")])
  }

  @Test func whatIsNoLongerWantedGoesAfterTheLinks() async throws {
    let policy = try FirewallSample.policy()
    let host = Self.host(policy.tables(former: ForwardingState(ipv4: true, ipv6: true)))
    let change = try #require(Self.change(try await Self.observed(policy.scope, on: host), nil))
    #expect(change.verb == .delete)
    #expect(change.setUp.isEmpty)
    try await Self.perform(change.tearDown, on: host)
    #expect(try await host.packetFilter.tables() == [])
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
    #expect(disjointRanges(of: [5...9, 1...4, 20...30, 22...25]) == [1...9, 20...30])
    #expect(disjointRanges(of: [65535...65535, 1...65535]) == [1...65535])
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
      policy.flows += try FirewallSample.flows()
      policy.forwards += try FirewallSample.forwards()
      #expect(policy.tables(former: former).map(\.chains) == rules)
    }
  }
}
