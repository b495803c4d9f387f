import Glibc
import Host
import HostTesting
import LinuxHost
import Netlink
import Network
import Reconcile
import Testing

@testable import Resources

/// Ports of the host that lead to VMs: what they claim, and real packets.
@Suite(.enabled(if: TestNamespace.isAvailable, "needs root and ip"), .serialized)
struct FirewallForwardTests {
  private static func policy() throws -> FilterPolicy {
    var policy = try PacketNetwork.policy()
    policy.forwards = try FirewallSample.forwards()
    return policy
  }

  private typealias Ask = (from: String, to: String, transport: String, port: Int, answer: String?)

  /// Who asks what, and what comes back: of udp the asker as the VM saw it.
  private static let asked: [Ask] = [
    ("world", "203.0.113.2", "tcp", 8080, "yes"), ("world", "2001:db8:f::2", "tcp", 8080, "yes"),
    ("world", "203.0.113.2", "udp", 5353, "203.0.113.1"), ("world", "2001:db8:f::2", "udp", 5353, "2001:db8:f::1"),
    ("world", "203.0.113.2", "tcp", 8022, "yes"), ("world", "2001:db8:f::2", "tcp", 8022, "yes"),
    // Another address, another protocol, the loopback address's port, what nobody forwards, the VM itself.
    ("world", "10.77.0.1", "tcp", 8022, nil), ("world", "203.0.113.2", "udp", 8080, nil),
    ("world", "203.0.113.2", "tcp", 9090, nil), ("world", "203.0.113.2", "tcp", 8081, nil),
    ("world", "10.77.1.10", "tcp", 80, nil),
    ("host", "203.0.113.2", "tcp", 8080, "yes"), ("host", "2001:db8:f::2", "tcp", 8080, "yes"),
    ("host", "127.0.0.1", "tcp", 8080, "yes"), ("host", "127.0.0.1", "tcp", 9090, "yes"),
    ("host", "127.0.0.1", "udp", 5353, "10.77.0.1"), ("host", "10.77.0.1", "tcp", 9090, nil),
    // Across and on one bridge.
    ("db", "203.0.113.2", "tcp", 8080, "yes"), ("db", "203.0.113.2", "tcp", 8022, "yes"),
    ("db", "2001:db8:f::2", "tcp", 8022, "yes"), ("db", "203.0.113.2", "tcp", 9090, nil),
    // Who may not go outside does not get to others by way of the host either.
    ("calm", "203.0.113.2", "tcp", 8022, nil), ("calm", "10.77.1.1", "udp", 5353, nil),
  ]

  private static func letLoopbackOut(_ network: PacketNetwork) async throws {
    let links = LinuxLinks(in: try .named(network.host.name))
    for bridge in network.policy.bridges {
      var design = BridgeDesign(
        name: bridge.link, group: network.policy.scope.linkGroup, alias: "test", mtu: 1500,
        addresses: bridge.addresses.sorted())
      design.routing.routesLoopback = true
      try await links.ensureBridge(design)
    }
  }

  @Test(arguments: [true, false])
  func whoMayAskTheHostReachesTheMachine(withBridgeFilter: Bool) async throws {
    try await PacketNetwork.with(Self.policy()) { network in
      try network.setBridgeFilter(withBridgeFilter)
      try await Self.letLoopbackOut(network)
      let answers = try network.send(
        Self.asked.map { PacketNetwork.Probe(from: $0.from, to: $0.to, transport: $0.transport, port: $0.port) })
      let wrong = zip(Self.asked, answers).filter { $0.answer != $1 }.map { "\($0): \($1 ?? "-")" }
      #expect(wrong == [])
      let neighbours = try network.send(
        [("db", "10.77.0.1"), ("db", "fd77::1"), ("web", "10.77.0.1")].map {
          PacketNetwork.Probe(from: $0, to: $1, transport: "udp", port: 5353)
        })
      // With br_netfilter the bridge leads the packet on by itself, to others only, and sees the answers.
      #expect(
        neighbours == (withBridgeFilter ? ["10.77.0.11", "fd77::11", nil] : ["10.77.0.1", "fd77::1", "10.77.0.1"]))
    }
  }

  /// As the evaluator has it: a bridge that leads packets on by itself sends none from one isolated port to another.
  @Test(arguments: [true, false])
  func onlyTheHostLeadsOnBetweenIsolatedPorts(withBridgeFilter: Bool) async throws {
    var policy = try Self.policy()
    policy.bridges[0].hasOpenPeers = false
    try await PacketNetwork.with(policy) { network in
      try network.setBridgeFilter(withBridgeFilter)
      for tap in ["web", "db"] { try network.host.ip("link", "set", tap, "type", "bridge_slave", "isolated", "on") }
      let answers = try network.send(
        ["db", "web", "world"].map { from in
          PacketNetwork.Probe(
            from: from, to: from == "world" ? "203.0.113.2" : "10.77.0.1", transport: "udp", port: 5353)
        })
      #expect(
        answers == (withBridgeFilter ? [nil, nil, "203.0.113.1"] : ["10.77.0.1", "10.77.0.1", "203.0.113.1"]))
    }
  }

  @Test func noMachineReachesWhatListensAtLoopback() async throws {
    try await PacketNetwork.with(Self.policy()) { network in
      try await Self.letLoopbackOut(network)
      try network.machines["db"]?.run(
        "sh", "-ec",
        """
        sysctl -qw net.ipv4.conf.eth0.route_localnet=1; ip addr del 127.0.0.1/8 dev lo
        ip route add 127.0.0.1 via 10.77.0.1 src 10.77.0.11
        """)
      let ports = [("tcp", 22), ("tcp", 9090), ("tcp", 8080), ("udp", 53)]
      let answers = try network.send(
        ports.map { PacketNetwork.Probe(from: "db", to: "127.0.0.1", transport: $0, port: $1) })
      #expect(answers == [nil, nil, nil, nil])
      let chain = try network.host.run("nft", "list", "chain", "inet", "meros_lab", "host_in")
      let dropped = chain.split(separator: "\n").first { $0.contains("loopback") }
      #expect(dropped?.contains("counter packets 0 ") == false, "\(dropped ?? "")")
    }
  }

  @Test func aPortThatSomebodyHoldsIsRefused() async throws {
    let here = try #require(IPAddress("10.0.0.1"))
    let memory = MemoryHost(
      tables: try FirewallSample.policy("other").tables(former: ForwardingState(ipv4: true, ipv6: true)),
      listeners: [Listener(.tcp, here, 80), Listener(.udp, .v6(0), 53)])
    let foreign = try await Firewall.foreignClaims(FirewallSample.scope(), on: memory.host)
    func holder(of port: String, at address: IPAddress? = nil) throws -> String? {
      let claim = Claim.port(try #require(PortRange(port)), address: address)
      return foreign.first { $0.claim.conflicts(with: claim) }?.holder
    }
    #expect(try holder(of: "80") == "a socket at 10.0.0.1 port 80")
    #expect(try holder(of: "80", at: IPAddress("10.0.0.2")) == nil)
    #expect(try holder(of: "53/udp") == "a socket at :: port 53")
    #expect(try holder(of: "8080") == "table inet meros_other")
    #expect(try holder(of: "9090", at: IPAddress("127.0.0.1")) == "table inet meros_other")
    #expect(try holder(of: "9090", at: here) == nil)
    #expect(try holder(of: "81") == nil)
  }

  @Test func whatIsAppliedIsClaimedAsItWasWanted() throws {
    let policy = try FirewallSample.policy()
    let former = ForwardingState(ipv4: true, ipv6: true)
    let observed = Firewall.Observed(
      record: FirewallRecord(scope: policy.scope, former: former), tables: policy.tables(former: former))
    #expect(Firewall.claims(of: observed) == Firewall(policy: policy).claims)
    #expect(Firewall.claims(of: observed).count == 7)
  }

  @Test func socketsOfTheNamespaceAreSeen() async throws {
    try await TestNamespace.with { space in
      try space.ip("link", "set", "lo", "up")
      let end = "/tmp/\(space.name).end"
      defer { _ = unsafe unlink(end) }
      let script = """
        import os, socket, time
        a = socket.socket(socket.AF_INET); a.bind(("127.0.0.1", 8080)); a.listen()
        b = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); b.bind(("::", 5353))
        c = socket.socket(socket.AF_INET6); c.bind(("::1", 443)); c.listen()
        d = socket.socket(socket.AF_INET); d.connect(("127.0.0.1", 8080))
        for _ in range(6000):
          if os.path.exists("\(end)"): break
          time.sleep(0.1)
        """
      async let output = space.runBeside("python3", "-c", script)
      var seen: Set<Listener> = []
      for _ in 0..<6000 where seen.count < 3 {
        try await Task.sleep(for: .milliseconds(50))
        seen = try await LinuxSockets(in: .named(space.name)).listeners()
      }
      #expect(
        seen == [
          Listener(.tcp, .v4(0x7f00_0001), 8080), Listener(.udp, .v6(0), 5353), Listener(.tcp, .v6(1), 443),
        ])
      try space.run("touch", end)
      _ = try await output
    }
  }
}
