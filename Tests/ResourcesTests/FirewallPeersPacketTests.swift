import Host
import HostTesting
import LinuxHost
import Netlink
import Network
import Testing

@testable import Resources

/// VMs that are kept apart on one bridge, and flows between them.
@Suite(.enabled(if: TestNamespace.isAvailable, "needs root and ip"), .serialized)
struct FirewallPeersPacketTests {
  private static func policy() throws -> FilterPolicy {
    var policy = try PacketNetwork.policy()
    policy.bridges[0].hasOpenPeers = false
    policy.bridges[1].hasOpenPeers = false
    policy.flows = [
      try FirewallSample.flow(0, .machine("vm-safe"), .machine("vm-calm"), "80"),
      try FirewallSample.flow(1, .machine("vm-db"), .bridge("lan")),
    ]
    return policy
  }

  /// Ports are isolated and the host answers for them, as the links of such a bridge are made.
  private static func keepApart(_ network: PacketNetwork) async throws {
    let links = LinuxLinks(in: try .named(network.host.name))
    for bridge in network.policy.bridges {
      var design = BridgeDesign(
        name: bridge.link, group: network.policy.scope.linkGroup, alias: "test", mtu: 1500,
        addresses: bridge.addresses.sorted())
      let addresses = network.policy.taps.filter { $0.bridge == bridge.name }.flatMap(\.addresses)
      design.routing = BridgeRouting(
        answersForOthers: .on, answeredAddresses: addresses.filter { $0.family == .v6 }.sorted())
      try await links.ensureBridge(design)
      let seen = try await links.links().first { $0.name == bridge.link }
      #expect(seen?.routing == design.routing)
    }
    for tap in network.policy.taps {
      try network.host.ip("link", "set", tap.link.text, "type", "bridge_slave", "isolated", "on")
    }
  }

  @Test(arguments: [true, false])
  func whoIsKeptApartReachesOnlyWhomAFlowNames(withBridgeFilter: Bool) async throws {
    try await PacketNetwork.with(Self.policy()) { network in
      try network.setBridgeFilter(withBridgeFilter)
      try await Self.keepApart(network)
      for _ in 0..<2 {
        let wrong = try FirewallPacketTests.mistakes(in: network) { from, to, isHost, isWorld, transport, port in
          switch (from, to) {
          case ("safe", "calm"): (transport, port) == ("tcp", 80)
          case ("db", "web"): true
          case ("web", "db"), ("calm", "safe"): false
          default:
            FirewallPacketTests.passes(from: from, to: to, isHost: isHost, isWorld: isWorld, transport, port)
          }
        }
        #expect(wrong == [])
      }
      let cache = try network.machines["db"]?.run("sh", "-c", "ip route show cache; ip -6 route show cache")
      #expect(cache?.contains("redirect") == false, "\(cache ?? "")")
    }
  }

  @Test func nobodyIsToldThatItsOwnAddressIsTaken() async throws {
    try await PacketNetwork.with(Self.policy()) { network in
      try await Self.keepApart(network)
      let again = """
        sysctl -qw net.ipv6.conf.eth0.accept_dad=1 net.ipv6.conf.eth0.dad_transmits=1
        ip addr del fd77:0:0:1::10/64 dev eth0; ip addr add fd77:0:0:1::10/64 dev eth0; sleep 3; ip -6 addr show dev eth0
        """
      let addresses = try network.machines["safe"]?.run("sh", "-ec", again) ?? ""
      #expect(addresses.contains("fd77:0:0:1::10"))
      #expect(!addresses.contains("dadfailed") && !addresses.contains("tentative"), "\(addresses)")
      // Without the rule it is told so.
      try network.host.run("nft", "delete element bridge meros_lab tap_isolated { safe }")
      let failed = try network.machines["safe"]?.run("sh", "-ec", again) ?? ""
      #expect(failed.contains("dadfailed"))
    }
  }

  @Test func whatIsNoLongerWantedOfABridgeIsTakenBack() async throws {
    try await PacketNetwork.with(Self.policy()) { network in
      try await Self.keepApart(network)
      let links = LinuxLinks(in: try .named(network.host.name))
      let bridge = network.policy.bridges[0]
      var design = BridgeDesign(
        name: bridge.link, group: network.policy.scope.linkGroup, alias: "test", mtu: 1500,
        addresses: bridge.addresses.sorted())
      design.routing = BridgeRouting(answersForOthers: .on, routesLoopback: true)
      try await links.ensureBridge(design)
      try network.host.run("sysctl", "-qw", "net.ipv4.neigh.\(bridge.link).proxy_delay=80")
      let drifted = try await links.links().first { $0.name == bridge.link }
      #expect(drifted?.routing == BridgeRouting(answersForOthers: .partly, routesLoopback: true))
      design.routing = BridgeRouting()
      try await links.ensureBridge(design)
      let seen = try await links.links().first { $0.name == bridge.link }
      #expect(seen?.routing == BridgeRouting())
    }
  }
}
