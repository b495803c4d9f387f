import Host
import HostTesting
import LinuxHost
import Netlink
import Network
import Reconcile
import Testing

@testable import Resources

/// Base chains of others in the kernel: what is said of them is what they do, and what is advised helps.
@Suite(.enabled(if: TestNamespace.isAvailable, "needs root and ip"), .serialized)
struct OtherFirewallKernelTests {
  struct Shape: CustomTestStringConvertible, Sendable {
    var name: String
    /// Of nft.
    var tables: String
    /// Chain, owner, links, and what is lost.
    var said: [String]
    /// Of nft: what its owner's own command does to it.
    var remedy: String
    var testDescription: String { name }
  }

  static let shapes = [
    Shape(
      name: "docker",
      tables: """
        table ip filter {
          chain DOCKER-USER { counter return; }
          chain DOCKER-ISOLATION { iifname "docker0" oifname != "docker0" counter drop; counter return; }
          chain FORWARD {
            type filter hook forward priority filter; policy drop;
            counter jump DOCKER-USER
            counter jump DOCKER-ISOLATION
            oifname "docker0" ct state related,established counter accept
            iifname "docker0" oifname != "docker0" counter accept
          }
        }
        """,
      said: ["ip filter FORWARD docker lab-lan lab-quiet: lan -> world, quiet -> world"],
      remedy: """
        insert rule ip filter DOCKER-USER iifname "lab-*" accept
        insert rule ip filter DOCKER-USER oifname "lab-*" accept
        """),
    Shape(
      name: "ufw",
      tables: """
        table ip filter {
          chain ufw-before-forward { ct state established,related counter accept; counter jump ufw-user-forward; }
          chain ufw-user-forward { }
          chain ufw-user-input { tcp dport 22 counter accept; }
          chain INPUT { type filter hook input priority filter; policy drop; ct state established,related accept; icmp type echo-request accept; counter jump ufw-user-input; }
          chain FORWARD { type filter hook forward priority filter; policy drop; counter jump ufw-before-forward; }
          chain OUTPUT { type filter hook output priority filter; policy accept; }
        }
        """,
      said: [
        "ip filter FORWARD ufw lab-lan lab-quiet: lan -> world, quiet -> world",
        "ip filter INPUT ufw lab-lan: lan -> host",
      ],
      remedy: """
        add rule ip filter ufw-user-forward iifname "lab-lan" accept
        add rule ip filter ufw-user-forward iifname "lab-quiet" accept
        add rule ip filter ufw-user-input iifname "lab-lan" accept
        """),
    Shape(
      name: "firewalld",
      tables: """
        table inet firewalld {
          chain filter_INPUT {
            type filter hook input priority filter + 10; policy accept;
            ct state { established, related } accept
            iifname "lo" accept
            jump filter_INPUT_ZONES
            ct state { invalid } drop
            reject with icmpx admin-prohibited
          }
          chain filter_FORWARD {
            type filter hook forward priority filter + 10; policy accept;
            ct state { established, related } accept
            ct status dnat accept
            iifname "lo" accept
            ip6 daddr { ::/96, 64:ff9b::/96 } reject with icmpv6 addr-unreachable
            jump filter_FORWARD_ZONES
            ct state { invalid } drop
            reject with icmpx admin-prohibited
          }
          chain filter_INPUT_ZONES { iifname "eth0" goto filter_IN_public; }
          chain filter_FORWARD_ZONES { iifname "eth0" goto filter_FWD_public; }
          chain filter_IN_public { tcp dport 22 accept; reject; }
          chain filter_FWD_public { reject; }
          chain filter_trusted { accept; }
        }
        """,
      said: [
        "inet firewalld filter_FORWARD firewalld lab-lan lab-quiet: lan -> world, quiet -> world",
        "inet firewalld filter_INPUT firewalld lab-lan: lan -> host",
      ],
      remedy: """
        add rule inet firewalld filter_INPUT_ZONES iifname "lab-lan" goto filter_trusted
        add rule inet firewalld filter_FORWARD_ZONES iifname "lab-lan" goto filter_trusted
        add rule inet firewalld filter_FORWARD_ZONES iifname "lab-quiet" goto filter_trusted
        """),
  ]

  private static func said(_ network: PacketNetwork) async throws -> [String] {
    var host = MemoryHost().host
    host.packetFilter = network.filter
    let chains = try await Firewall.hookedChains(network.policy.scope, on: host)
    return ForeignHindrance.all(among: chains, network.policy).map { hindrance in
      let links = hindrance.links.map(\.text).joined(separator: " ")
      let ends = hindrance.ends.map(\.description).joined(separator: ", ")
      return "\(hindrance.table) \(hindrance.chain) \(hindrance.owner) \(links): \(ends)"
    }
  }

  /// A machine asks outside, the host, and is asked by the host.
  private static func answers(_ network: PacketNetwork) throws -> [Bool] {
    let asked = [("web", "192.0.2.9", 80), ("web", "10.77.0.1", 22), ("host", "10.77.0.10", 80)]
    return try network.send(
      asked.map { PacketNetwork.Probe(from: $0.0, to: $0.1, transport: "tcp", port: $0.2) }
    ).map { $0 != nil }
  }

  @Test(arguments: shapes)
  func whatIsSaidIsWhatHappensAndWhatIsAdvisedHelps(_ shape: Shape) async throws {
    try await PacketNetwork.with { network in
      #expect(try await Self.said(network) == [])
      #expect(try Self.answers(network) == [true, true, true])
      func nft(_ text: String) throws { try network.host.run("sh", "-ec", "nft -f - <<'END'\n\(text)\nEND") }
      try nft(shape.tables)
      #expect(try await Self.said(network) == shape.said)
      // What a rule of theirs admits for others is no hindrance that is told of, and none in truth: ssh with ufw.
      let lost = shape.said.count
      let isSSHOpen = shape.name == "ufw"
      #expect(try Self.answers(network) == [false, lost == 1 || isSSHOpen, true])
      try nft(shape.remedy)
      #expect(try await Self.said(network) == [])
      #expect(try Self.answers(network) == [true, true, true])
    }
  }

  @Test func ofALargeTableOnlyWhatMattersIsRead() async throws {
    try await TestNamespace.with { space in
      let elements = (0..<2000).map { "10.\($0 / 250).\($0 % 250).1" }.joined(separator: ", ")
      let rules = (0..<300).map { "ip saddr 10.0.\($0 % 250).1 accept" }.joined(separator: "; ")
      try space.run(
        "sh", "-ec",
        """
        nft -f - <<'END'
        table ip filter {
          set s { type ipv4_addr; elements = { \(elements) }; }
          chain unrelated { \(rules); }
          chain large { \(rules); iifname "lab-lan" accept; }
          chain small { iifname "docker0" accept; }
          chain FORWARD { type filter hook forward priority filter; policy drop; ip saddr @s accept; jump large; jump small; }
          chain translated { type nat hook prerouting priority dstnat; }
        }
        table ip asleep { flags dormant; chain forward { type filter hook forward priority filter; policy drop; }; }
        END
        """)
      var host = MemoryHost().host
      host.packetFilter = LinuxPacketFilter(in: try .named(space.name))
      let chains = try await Firewall.hookedChains(FirewallSample.scope(), on: host)
      #expect(chains.map(\.name) == ["FORWARD"])
      #expect(chains.first?.rules.mapValues(\.count) == ["FORWARD": 3, "small": 1])
      #expect(chains.first?.neighbors == ["FORWARD", "large", "small", "unrelated", "translated"])
    }
  }
}
