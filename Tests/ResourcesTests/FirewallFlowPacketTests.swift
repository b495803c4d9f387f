import Host
import HostTesting
import Network
import Testing

@testable import Resources

/// Real packets between namespaces, against what flows say.
@Suite(.enabled(if: TestNamespace.isAvailable, "needs root and ip"), .serialized)
struct FirewallFlowPacketTests {
  /// Every form of flow, into and out of a bridge with a wide and one with a narrow policy.
  static func policy() throws -> FilterPolicy {
    var policy = try PacketNetwork.policy()
    policy.flows = [
      try FirewallSample.flow(0, .machine("vm-web"), .machine("vm-calm"), "80"),
      try FirewallSample.flow(1, .machine("vm-safe"), .machine("vm-db")),
      try FirewallSample.flow(2, .world, .machine("vm-web"), "80", "50-60/udp"),
      try FirewallSample.flow(3, .machine("vm-safe"), .world, "53/udp"),
      try FirewallSample.flow(4, .machine("vm-calm"), .host, "22"),
      try FirewallSample.flow(5, .bridge("lan"), .machine("vm-safe"), "80/udp"),
      try FirewallSample.flow(6, .prefix(try #require(IPPrefix("203.0.113.0/30"))), .bridge("quiet"), "22"),
      try FirewallSample.flow(7, .prefix(try #require(IPPrefix("2001:db8:f::/64"))), .bridge("quiet"), "22"),
      try FirewallSample.flow(8, .machine("vm-calm"), .prefix(try #require(IPPrefix("198.51.100.9")))),
      try FirewallSample.flow(9, .machine("vm-calm"), .prefix(try #require(IPPrefix("2001:db8:8::/48")))),
    ]
    return policy
  }

  /// Whether one of the flows lets it pass; worked out by hand.
  static func passes(from: String, to: String, isHost: Bool, isWorld: Bool, _ transport: String, _ port: Int) -> Bool {
    let isPing = transport == "icmp"
    switch (from, to) {
    case ("web", "calm"): return (transport, port) == ("tcp", 80) || isPing
    case ("safe", "db"): return true
    case ("world", "web"): return (transport, port) == ("tcp", 80) || (transport, port) == ("udp", 53)
    case ("web", "safe"), ("db", "safe"): return (transport, port) == ("udp", 80) || isPing
    case ("world", "safe"), ("world", "calm"): return (transport, port) == ("tcp", 22)
    case ("calm", _) where isWorld && PacketNetwork.denied.contains(to): return true
    case ("calm", _) where isHost: return (transport, port) == ("tcp", 22)
    case ("safe", _) where isWorld: return (transport, port) == ("udp", 53)
    default: return false
    }
  }

  @Test(arguments: [true, false])
  func eachPairPassesWhatPolicyOrFlowsSay(withBridgeFilter: Bool) async throws {
    try await PacketNetwork.with(Self.policy()) { network in
      try network.setBridgeFilter(withBridgeFilter)
      let wrong = try FirewallPacketTests.mistakes(in: network) { from, to, isHost, isWorld, transport, port in
        FirewallPacketTests.passes(from: from, to: to, isHost: isHost, isWorld: isWorld, transport, port)
          || Self.passes(from: from, to: to, isHost: isHost, isWorld: isWorld, transport, port)
      }
      #expect(wrong == [])
    }
  }

  @Test func outsideNobodyHasAnAddressOfOurs() async throws {
    try await PacketNetwork.with(Self.policy()) { network in
      try network.world.run(
        "sh", "-ec",
        """
        ip addr add 10.77.1.10/32 dev lo; ip addr add fd77:0:0:1::10/128 dev lo
        ping -n -c1 -W1 -I 10.77.1.10 10.77.0.11 || true
        ping -n -c1 -W1 -I fd77:0:0:1::10 fd77::11 || true
        """)
      let chain = try network.host.run("nft", "list", "chain", "inet", "meros_lab", "vm_forward")
      let dropped = chain.split(separator: "\n").filter { $0.contains("foreign source") }
      #expect(dropped.count == 2)
      #expect(dropped.allSatisfy { $0.contains("counter packets 1 ") }, "\(dropped)")
    }
  }
}
