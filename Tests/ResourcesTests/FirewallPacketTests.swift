import Host
import HostTesting
import Network
import Testing

@testable import Resources

/// Real packets between namespaces, against what the policy says.
@Suite(.enabled(if: TestNamespace.isAvailable, "needs root and ip"), .serialized)
struct FirewallPacketTests {
  static let kinds = [("tcp", 22), ("tcp", 80), ("udp", 53), ("udp", 80), ("icmp", 0)]

  /// Whether the policy of the sample lets it pass; worked out by hand, not by the code that is tested.
  static func passes(from: String, to: String, isHost: Bool, isWorld: Bool, _ transport: String, _ port: Int) -> Bool {
    let bridges = ["web": "lan", "db": "lan", "safe": "quiet", "calm": "quiet"]
    guard let bridge = bridges[from] else { return from == "host" }
    if bridge == "quiet", transport == "icmp" { return false }
    if isHost {
      return bridge == "lan"
        && (transport == "icmp" || (transport, port) == ("tcp", 22) || (transport, port) == ("udp", 53))
    }
    if isWorld { return bridge == "lan" || PacketNetwork.allowed.contains(to) }
    return bridges[to] == bridge
  }

  @Test(arguments: [true, false])
  func eachPairPassesWhatThePolicySays(withBridgeFilter: Bool) async throws {
    try await PacketNetwork.with { network in
      try network.setBridgeFilter(withBridgeFilter)
      let wrong = try Self.mistakes(in: network) { from, to, isHost, isWorld, transport, port in
        Self.passes(from: from, to: to, isHost: isHost, isWorld: isWorld, transport, port)
      }
      #expect(wrong == [])
    }
  }

  /// Sends every kind from everybody to everybody and names what came out otherwise than it should.
  ///
  /// - Parameter shouldPass: from, to (a VM or an address of the world), whether that is the host, the world, then
  ///   protocol and port.
  static func mistakes(
    in network: PacketNetwork, _ shouldPass: (String, String, Bool, Bool, String, Int) -> Bool
  ) throws -> [String] {
    var probes: [PacketNetwork.Probe] = []
    var wanted: [Bool] = []
    func ask(_ from: String, _ address: String, name: String = "", isHost: Bool = false, isWorld: Bool = false) {
      for (transport, port) in kinds {
        probes.append(PacketNetwork.Probe(from: from, to: address, transport: transport, port: port))
        wanted.append(shouldPass(from, isWorld ? address : name, isHost, isWorld, transport, port))
      }
    }
    for from in network.policy.taps.map(\.link.text) + ["host", "world"] {
      for tap in network.policy.taps where tap.link.text != from {
        for address in tap.addresses { ask(from, "\(address)", name: tap.link.text) }
      }
      guard network.machines[from] != nil else { continue }
      for (_, v4, v6) in PacketNetwork.bridges {
        for address in [v4, v6] { ask(from, String(address.split(separator: "/")[0]), isHost: true) }
      }
      ask(from, "203.0.113.2", isHost: true)
      for address in PacketNetwork.allowed + PacketNetwork.denied { ask(from, address, isWorld: true) }
    }
    let results = try network.send(probes)
    #expect(probes.count > 300)
    return zip(probes, zip(wanted, results)).filter { ($1.1 != nil) != $1.0 }
      .map { "\($0) should\($1.0 ? "" : " not") pass" }
  }

  @Test func theWorldSeesTheHostInTheVMsPlace() async throws {
    try await PacketNetwork.with { network in
      let seen = try network.send(
        [("web", "192.0.2.9"), ("web", "2001:db8:7::9"), ("safe", "192.0.2.9"), ("web", "10.77.0.11")].map {
          PacketNetwork.Probe(from: $0, to: $1, transport: "udp", port: 53)
        })
      #expect(seen == ["203.0.113.2", "2001:db8:f::2", "203.0.113.2", "10.77.0.10"])
    }
  }

  @Test(arguments: FilterPolicy.BridgePolicy.allCases, [true, false])
  func eachWordOfThePolicyMeansWhatTheManifestSays(
    word: FilterPolicy.BridgePolicy, withBridgeFilter: Bool
  ) async throws {
    var policy = try PacketNetwork.policy()
    policy.bridges[0].policy = word
    policy.bridges[0].allowedPorts = []
    policy.bridges[0].allowsICMP = false
    try await PacketNetwork.with(policy) { network in
      try network.setBridgeFilter(withBridgeFilter)
      let asked = [
        ("web", ["198.51.100.9", "2001:db8:8::9"]), ("web", ["10.77.0.1", "fd77::1", "203.0.113.2", "10.77.1.1"]),
        ("world", ["10.77.0.10", "fd77::10"]), ("web", ["10.77.1.10", "fd77:0:0:1::10"]),
        ("safe", ["10.77.0.10", "fd77::10"]), ("web", ["10.77.0.11", "fd77::11"]),
        ("host", ["10.77.0.10", "fd77::10"]),
      ]
      var seen = try network.send(
        asked.flatMap { from, addresses in
          addresses.map { PacketNetwork.Probe(from: from, to: $0, transport: "udp", port: 80) }
        })[...]
      var answers: [[String?]] = []
      for (_, addresses) in asked {
        answers.append(Array(seen.prefix(addresses.count)))
        seen = seen.dropFirst(addresses.count)
      }
      let isOpen = word == .open
      switch word {
      case .isolated: #expect(answers[0] == [nil, nil], "outside")
      case .routed: #expect(answers[0] == ["10.77.0.10", "fd77::10"], "outside")
      case .hostAccess, .nat, .open: #expect(answers[0] == ["203.0.113.2", "2001:db8:f::2"], "outside")
      }
      #expect(answers[1].allSatisfy { ($0 != nil) == isOpen }, "to the host: \(answers[1])")
      #expect(answers[2].allSatisfy { ($0 != nil) == isOpen }, "from the world: \(answers[2])")
      #expect(answers[3] + answers[4] == [nil, nil, nil, nil], "between bridges")
      #expect(answers[5] == ["10.77.0.10", "fd77::10"], "peers")
      #expect(answers[6] == ["10.77.0.1", "fd77::1"], "from the host")
    }
  }

  @Test func onAForeignBridgeOnlyTheSenderIsLookedAt() async throws {
    var policy = try PacketNetwork.policy()
    policy.bridges[1].isOurs = false
    policy.bridges[1].allowsICMP = true
    try await PacketNetwork.with(policy) { network in
      // Somebody else's bridge has another group.
      try network.host.ip("link", "set", "lab-quiet", "group", "0")
      let answers = try network.send(
        ["10.77.1.11", "10.77.1.1", "198.51.100.9"].map {
          PacketNetwork.Probe(from: "safe", to: $0, transport: "udp", port: 80)
        })
      #expect(answers == ["10.77.1.10", "10.77.1.10", "10.77.1.10"])
      try network.machines["safe"]?.ip("addr", "add", "10.77.1.99/24", "dev", "eth0")
      let forged = try network.machines["safe"]?.run(
        "sh", "-c", "ping -n -c1 -w1 -I 10.77.1.99 10.77.1.1 >/dev/null && echo came || echo lost")
      #expect(forged == "lost\n")
    }
  }

  @Test func whatWasNotForwardedBeforeIsNotForwardedNow() async throws {
    for former in [false, true] {
      try await PacketNetwork.with(former: ForwardingState(ipv4: former, ipv6: former)) { network in
        try await TestNamespace.with { other in
          try network.host.run(
            "sh", "-ec",
            """
            ip link add side type veth peer name eth0 netns \(other.name); ip link set side up
            ip addr add 10.99.0.1/24 dev side; ip addr add fd99::1/64 dev side nodad
            """)
          try other.run(
            "sh", "-ec",
            """
            sysctl -qw net.ipv6.conf.eth0.accept_dad=0; ip link set eth0 up; ip addr add 10.99.0.2/24 dev eth0; ip addr add fd99::2/64 dev eth0 nodad
            ip route add default via 10.99.0.1; ip -6 route add default via fd99::1
            """)
          try network.world.run(
            "sh", "-ec", "ip route add 10.99.0.0/24 via 203.0.113.2; ip route add fd99::/64 via 2001:db8:f::2")
          for address in ["192.0.2.9", "2001:db8:7::9"] {
            let passes = (try? other.run("ping", "-n", "-c1", "-i0.2", "-w1", address)) != nil
            #expect(passes == former, "\(address)")
          }
          // VMs go on all the same.
          let seen = try network.send([PacketNetwork.Probe(from: "web", to: "192.0.2.9", transport: "tcp", port: 80)])
          #expect(seen == ["yes"])
        }
      }
    }
  }

  @Test(arguments: [true, false])
  func forgedFramesDoNotArrive(withBridgeFilter: Bool) async throws {
    try await PacketNetwork.with { network in
      try network.setBridgeFilter(withBridgeFilter)
      let forged = ForgedFrames.all
      let honest = ForgedFrames.honest
      let seen = try network.send(forged.merging(honest) { $1 }, from: "web", to: "db")
      #expect(seen == Set(honest.keys))
      // Without the guard they all arrive, so it is the guard that keeps them out. (With br_netfilter conntrack has its
      // own view of redirects.)
      try network.setBridgeFilter(false)
      try network.host.run("nft", "flush chain bridge meros_lab prerouting")
      let unguarded = try network.send(forged, from: "web", to: "db")
      #expect(unguarded == Set(forged.keys))
    }
  }

  @Test func aVMThatRoutesMaySendWhatItIsAllowedAndClaimNothing() async throws {
    var policy = try PacketNetwork.policy()
    policy.taps[0].allowedSources = try ["10.77.0.8/30", "fd77::11"].map { try #require(IPPrefix($0)) }
    try await PacketNetwork.with(policy) { network in
      let seen = try network.send(ForgedFrames.all, from: "web", to: "db")
      #expect(seen == ["foreign ipv4", "foreign ipv6"])
    }
  }

  @Test func aTapThatNoSetKnowsPassesNothing() async throws {
    try await PacketNetwork.with { network in
      try network.host.run(
        "sh", "-ec",
        """
        nft delete element bridge meros_lab taps { web }
        nft delete element bridge meros_lab guard_mac { web . 52:54:00:00:00:01 }
        """)
      let probes = [
        PacketNetwork.Probe(from: "web", to: "10.77.0.11", transport: "tcp", port: 22),
        PacketNetwork.Probe(from: "web", to: "10.77.0.1", transport: "tcp", port: 22),
        PacketNetwork.Probe(from: "db", to: "10.77.0.10", transport: "udp", port: 53),
        PacketNetwork.Probe(from: "host", to: "10.77.0.10", transport: "icmp", port: 0),
        PacketNetwork.Probe(from: "host", to: "10.77.0.11", transport: "icmp", port: 0),
      ]
      let answers = try network.send(probes)
      #expect(answers == [nil, nil, nil, nil, "yes"])
      let seen = try network.send(ForgedFrames.broadcast, from: "db", to: "web")
      #expect(seen == [])
    }
  }
}
