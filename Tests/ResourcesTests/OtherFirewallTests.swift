import Host
import Network
import Reconcile
import Testing

@testable import Resources

/// Base chains of others that drop what a constellation admits: as values.
struct OtherFirewallTests {
  private static func chain(
    _ hook: Chain.Hook, policy: Chain.Policy = .drop, _ family: TableFamily = .inet, _ rules: [Rule] = [],
    more: [String: [Rule]] = [:]
  ) -> HookedChain {
    HookedChain(
      table: TableIdentity(family, "other"), name: "base", base: Chain.Base(.filter, hook, priority: 0, policy: policy),
      rules: more.merging(["base": rules]) { first, _ in first }, neighbors: Set(more.keys).union(["base"]))
  }

  private static func link(_ end: Statement.End, _ name: String, is comparison: Comparison = .equal) throws -> Statement
  {
    let key: MetaKey = end == .from ? .iifName : .oifName
    return Statement(
      .meta(key, .first), .compare(.first, comparison, Field.link(try FirewallSample.link(name)).bytes))
  }

  private static func closed() throws -> FilterPolicy {
    var policy = try FirewallSample.policy()
    policy.flows = []
    policy.forwards = []
    for index in policy.bridges.indices {
      policy.bridges[index].policy = .isolated
      policy.bridges[index].allowedIPs = []
      policy.bridges[index].allowedPorts = []
    }
    return policy
  }

  /// `lan -> world`
  private static func lost(_ chain: HookedChain, _ policy: FilterPolicy) -> [String] {
    ForeignHindrance.all(among: [chain], policy).flatMap(\.ends).map(\.description)
  }

  @Test func onlyWhatIsAdmittedIsMissed() throws {
    var policy = try Self.closed()
    #expect(Self.lost(Self.chain(.forward), policy) == [])
    #expect(Self.lost(Self.chain(.input), policy) == [])
    #expect(Self.lost(Self.chain(.output), policy) == ["host -> lan", "host -> quiet"])
    policy.bridges[0].policy = .nat
    policy.bridges[1].allowedIPs = [try #require(IPPrefix("192.0.2.0/24"))]
    policy.bridges[1].servesNames = true
    #expect(Self.lost(Self.chain(.forward), policy) == ["lan -> world", "quiet -> world"])
    #expect(Self.lost(Self.chain(.input), policy) == ["quiet -> host"])
    policy.bridges[0].addresses.removeAll { $0.address.family == .v6 }
    #expect(Self.lost(Self.chain(.forward, .ip6), policy) == ["quiet -> world"])
    #expect(Self.lost(Self.chain(.forward, .bridge), policy) == [])
    policy.bridges[0].policy = .open
    policy.bridges[1].policy = .open
    #expect(
      Self.lost(Self.chain(.forward), policy)
        == ["lan -> quiet", "lan -> world", "quiet -> lan", "quiet -> world", "world -> lan", "world -> quiet"])
  }

  @Test func flowsAndForwardsAreMissedToo() throws {
    var policy = try Self.closed()
    policy.flows = [
      try FirewallSample.flow(0, .machine("vm-web"), .bridge("quiet")),
      try FirewallSample.flow(1, .world, .machine("vm-safe"), "80"),
      try FirewallSample.flow(2, .machine("vm-web"), .machine("vm-db")),
      try FirewallSample.flow(3, .machine("vm-safe"), .host, "22"),
      try FirewallSample.flow(4, .host, .machine("vm-safe"), "22"),
    ]
    #expect(Self.lost(Self.chain(.forward), policy) == ["lan -> quiet", "world -> quiet"])
    #expect(Self.lost(Self.chain(.input), policy) == ["quiet -> host"])
    policy.bridges[0].hasOpenPeers = false
    policy.flows.removeFirst(2)
    #expect(Self.lost(Self.chain(.forward), policy) == ["lan -> lan"])
    policy.flows = []
    policy.forwards = [try FirewallSample.forward(0, 8080, to: 80, "10.77.1.10")]
    #expect(Self.lost(Self.chain(.forward), policy) == ["world -> quiet"])
    #expect(Self.lost(Self.chain(.forward, .ip6), policy) == ["world -> quiet"])
  }

  @Test func rulesAreReadAsFarAsLinksAndStateTell() throws {
    var policy = try Self.closed()
    policy.bridges[0].policy = .nat
    let (lan, other) = (try Self.link(.from, "lab-lan"), try Self.link(.from, "docker0"))
    let unknown = Statement(.payload(.network, offset: 12, length: 4, .first), .compare(.first, .equal, [10, 0, 0, 1]))
    func isLost(_ rules: Rule..., policy base: Chain.Policy = .drop, more: [String: [Rule]] = [:]) -> Bool {
      !Self.lost(Self.chain(.forward, policy: base, .inet, rules, more: more), policy).isEmpty
    }
    #expect(!isLost(policy: .accept))
    #expect(isLost(Rule(Statement(.reject(.icmpx(3)))), policy: .accept))
    #expect(!isLost(Rule(.accept), Rule(.drop)))
    // Ours, or somebody else's; some of the packets; replies only.
    #expect(!isLost(Rule(lan, .accept)))
    #expect(isLost(Rule(other, .accept)) && !isLost(Rule(other, .drop), policy: .accept))
    #expect(isLost(Rule(lan, unknown, .accept)) && !isLost(Rule(lan, unknown, .drop), policy: .accept))
    #expect(isLost(Rule(.isEstablished, .accept)) && !isLost(Rule(.isInvalid, .drop), policy: .accept))
    #expect(isLost(Rule(.isIPv4, .accept)), "IPv6 is left")
    #expect(isLost(Rule(lan, try Self.link(.to, "eth0"), .accept)))
    #expect(!isLost(Rule(lan, try Self.link(.to, "lab-lan", is: .notEqual), .accept)))
    // From chain to chain.
    #expect(!isLost(Rule(.counter, Statement(.verdict(.jump("user")))), more: ["user": [Rule(lan, .accept)]]))
    #expect(isLost(Rule(lan, .goto("user")), Rule(.accept), more: ["user": [Rule(other, .accept)]]))
    func jump(_ chain: String) -> Rule { Rule(Statement(.verdict(.jump(chain)))) }
    #expect(isLost(jump("user"), more: ["user": [Rule(Statement(.verdict(.giveBack))), Rule(.accept)]]))
    #expect(isLost(jump("large")))
    #expect(isLost(jump("round"), more: ["round": [jump("round")]]))
    #expect(isLost(Rule(Statement(.other(name: "match", attributes: [])), .accept)))
  }
}
