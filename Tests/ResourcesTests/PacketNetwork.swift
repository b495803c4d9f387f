import Foundation
import Host
import HostTesting
import LinuxHost
import Netlink
import Network
import Testing

@testable import Resources

/// A constellation of namespaces in the place of VMs: veth pairs on our bridges, and a world behind an uplink.
struct PacketNetwork {
  let host: TestNamespace
  let world: TestNamespace
  /// By the name of the tap.
  let machines: [String: TestNamespace]
  let policy: FilterPolicy
  let filter: LinuxPacketFilter

  static let bridges = [("lab-lan", "10.77.0.1/24", "fd77::1/64"), ("lab-quiet", "10.77.1.1/24", "fd77:0:0:1::1/64")]
  /// Of the world: the first that a quiet VM may reach, the second that it may not.
  static let allowed = ["192.0.2.9", "2001:db8:7::9"]
  static let denied = ["198.51.100.9", "2001:db8:8::9"]

  static func policy() throws -> FilterPolicy {
    var policy = try FirewallSample.policy()
    policy.bridges.removeLast()
    for (place, (_, v4, v6)) in bridges.enumerated() {
      policy.bridges[place].addresses = try [v4, v6].map { try #require(InterfaceAddress($0)) }
    }
    policy.taps.removeLast()
    policy.bridges[1].allowedIPs = try ["192.0.2.0/24", "2001:db8:7::/48"].map { try #require(IPPrefix($0)) }
    policy.flows = []
    policy.forwards = []
    policy.taps.append(try FirewallSample.tap("calm", bridge: "quiet", mac: 5, "10.77.1.11", "fd77:0:0:1::11"))
    return policy
  }

  /// What the policy becomes.
  var tables: [Table] { policy.tables(former: ForwardingState(ipv4: true, ipv6: true)) }

  /// Builds all of it, runs `body`, takes it away.
  static func with(
    former: ForwardingState = ForwardingState(ipv4: true, ipv6: true), _ changed: FilterPolicy? = nil,
    _ body: (PacketNetwork) async throws -> Void
  ) async throws {
    let policy = try changed ?? policy()
    try await TestNamespace.with { host in
      try await TestNamespace.with { world in
        try await withSpaces(policy.taps.map(\.link.text), [:]) { machines in
          let network = PacketNetwork(
            host: host, world: world, machines: machines, policy: policy,
            filter: LinuxPacketFilter(in: try .named(host.name)))
          try await network.filter.commit(policy.tables(former: former))
          try network.build()
          try await body(network)
        }
      }
    }
  }

  private static func withSpaces(
    _ names: [String], _ made: [String: TestNamespace], _ body: ([String: TestNamespace]) async throws -> Void
  ) async throws {
    guard let name = names.first else { return try await body(made) }
    try await TestNamespace.with { space in
      try await withSpaces(Array(names.dropFirst()), made.merging([name: space]) { $1 }, body)
    }
  }

  private func build() throws {
    let group = String(policy.scope.linkGroup)
    var commands = [
      "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv6.conf.default.accept_dad=0"
    ]
    commands.append("ip link set lo up")
    for (name, v4, v6) in Self.bridges {
      commands.append("ip link add \(name) group \(group) type bridge")
      commands.append("ip link set \(name) up; ip addr add \(v4) dev \(name); ip addr add \(v6) dev \(name) nodad")
    }
    commands.append("ip link add uplink type veth peer name eth0 netns \(world.name); ip link set uplink up")
    commands.append("ip addr add 203.0.113.2/24 dev uplink; ip addr add 2001:db8:f::2/64 dev uplink nodad")
    commands.append("ip route add 192.0.2.0/24 via 203.0.113.1; ip route add 198.51.100.0/24 via 203.0.113.1")
    commands.append("ip route add 2001:db8:7::/48 via 2001:db8:f::1; ip route add 2001:db8:8::/48 via 2001:db8:f::1")
    for tap in policy.taps {
      guard let space = machines[tap.link.text], let bridge = policy.bridges.first(where: { $0.name == tap.bridge })
      else { continue }
      commands.append("ip link add \(tap.link) type veth peer name eth0 address \(tap.mac) netns \(space.name)")
      commands.append("ip link set \(tap.link) group \(group) master \(bridge.link) up")
    }
    try host.run("sh", "-ec", commands.joined(separator: "\n"))
    for tap in policy.taps {
      guard let index = policy.bridges.firstIndex(where: { $0.name == tap.bridge }) else { continue }
      let gateways = [Self.bridges[index].1, Self.bridges[index].2].map { $0.split(separator: "/")[0] }
      var commands = ["sysctl -qw net.ipv6.conf.eth0.accept_dad=0; ip link set lo up; ip link set eth0 up"]
      for address in tap.addresses {
        commands.append("ip addr add \(address)/\(address.family == .v4 ? "24" : "64 nodad") dev eth0")
      }
      commands.append("ip route add default via \(gateways[0]); ip -6 route add default via \(gateways[1])")
      try machines[tap.link.text]?.run("sh", "-ec", commands.joined(separator: "\n"))
    }
    try world.run(
      "sh", "-ec",
      """
      sysctl -qw net.ipv6.conf.eth0.accept_dad=0; ip link set lo up; ip link set eth0 up
      ip addr add 203.0.113.1/24 dev eth0; ip addr add 2001:db8:f::1/64 dev eth0 nodad
      for a in 192.0.2.9/32 198.51.100.9/32; do ip addr add $a dev lo; done
      for a in 2001:db8:7::9/128 2001:db8:8::9/128; do ip addr add $a dev lo nodad; done
      ip route add 10.77.0.0/16 via 203.0.113.2; ip route add fd77::/32 via 2001:db8:f::2
      """)
  }

  /// br_netfilter sends what crosses a bridge through the inet tables too.
  func setBridgeFilter(_ isOn: Bool) throws {
    let value = isOn ? "1" : "0"
    try host.run(
      "sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=\(value)", "net.bridge.bridge-nf-call-ip6tables=\(value)",
      "net.bridge.bridge-nf-call-arptables=\(value)")
  }

  struct Probe: Hashable, CustomStringConvertible {
    /// A tap, "host" or "world".
    var from: String
    var to: String
    var transport: String
    var port: Int

    var description: String { "\(from) -> \(to) \(transport)/\(port)" }
  }

  func space(_ name: String) -> TestNamespace? {
    name == "host" ? host : name == "world" ? world : machines[name]
  }

  /// What came back of each probe: the sender's address as the other side saw it for udp, "yes" for others.
  func send(_ probes: [Probe]) throws -> [String?] {
    let spaces = ([host, world] + machines.values).map(\.name)
    let job: [String: Any] = [
      "spaces": spaces, "ports": [22, 53, 80],
      "probes": probes.map { [space($0.from)?.name ?? "", $0.to, $0.transport, $0.port] as [Any] },
    ]
    return try run(job).map { $0 as? String }
  }

  /// Sends frames from one VM and names those that another one sees.
  func send(_ frames: [String: String], from: String, to: String) throws -> Set<String> {
    let job: [String: Any] = [
      "from": space(from)?.name ?? "", "device": "eth0", "to": space(to)?.name ?? "", "receiver": "eth0",
      "frames": frames,
    ]
    return Set(try run(job).compactMap { $0 as? String })
  }

  private func run(_ job: [String: Any]) throws -> [Any] {
    let text = String(decoding: try JSONSerialization.data(withJSONObject: job), as: UTF8.self)
    let output = try host.run("python3", "-c", PacketScript.text, text)
    return try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [Any])
  }
}
