import Foundation
import Host
import HostTesting
import LinuxHost
import Netlink
import Network
import Reachability
import Testing

@testable import Resources

/// Namespaces that one constellation after the other is built in: a world and places for VMs, which stay, and a host of
/// each one's own.
struct PacketStage {
  /// The host's address by which the world is reached, and those of the world: on the way there, then farther away.
  static let uplink = ["203.0.113.2", "2001:db8:f::2"]
  static let world = [
    "203.0.113.1", "2001:db8:f::1", "192.0.2.9", "198.51.100.9", "2001:db8:7::9", "2001:db8:8::9",
  ]

  let world: TestNamespace
  let places: [TestNamespace]

  static func with(_ body: (PacketStage) async throws -> Void) async throws {
    try await TestNamespace.with { world in
      try await withPlaces(5, []) { places in
        let stage = PacketStage(world: world, places: places)
        for place in places { try place.run("sh", "-ec", "\(noChecks); ip link set lo up") }
        let farther = Self.world.dropFirst(2).map { "ip addr add \($0) dev lo" }.joined(separator: "; ")
        try world.run("sh", "-ec", "\(noChecks); ip link set lo up; \(farther)")
        try await body(stage)
      }
    }
  }

  private static func withPlaces(
    _ count: Int, _ made: [TestNamespace], _ body: ([TestNamespace]) async throws -> Void
  ) async throws {
    guard count > 0 else { return try await body(made) }
    try await TestNamespace.with { try await withPlaces(count - 1, made + [$0], body) }
  }

  /// Addresses are usable at once, and nobody asks by which way a sender's should come.
  private static let noChecks = """
    sysctl -qw net.ipv6.conf.default.accept_dad=0
    sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
    """

  /// Builds what was compiled, runs `body`, and takes it away.
  func with(_ compiled: CompiledManifest, _ body: (PacketStand) async throws -> Void) async throws {
    try await TestNamespace.with { host in
      let names = compiled.network.machines.map(\.name)
      let stand = PacketStand(
        host: host, parties: ["host": host.name, "world": world.name].merging(zip(names, places.map(\.name))) { $1 },
        compiled: compiled)
      try await build(stand)
      try await body(stand)
      // What is left of links would be in the way of the next ones: namespaces vanish when the kernel has the time.
      try host.run("sh", "-ec", "ip link delete uplink; ip link delete group \(compiled.policy.scope.linkGroup)")
    }
  }

  private func build(_ stand: PacketStand) async throws {
    let (host, compiled) = (stand.host, stand.compiled)
    let group = compiled.policy.scope.linkGroup
    try host.run("sh", "-ec", "\(Self.noChecks); sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1")
    // As an apply does it: the filter before the links.
    try await LinuxPacketFilter(in: .named(host.name)).commit(compiled.tables)
    let links = LinuxLinks(in: try .named(host.name))
    for bridge in compiled.bridges where bridge.isOurs { try await links.ensureBridge(bridge.design) }
    var commands = ["link set lo up"]
    for bridge in compiled.bridges where !bridge.isOurs {
      commands += ["link add \(bridge.design.name) type bridge", "link set \(bridge.design.name) up"]
      commands += bridge.design.addresses.map { "addr add \($0) dev \(bridge.design.name)" }
    }
    commands += ["link add uplink type veth peer name eth0 netns \(world.name)", "link set uplink up"]
    commands += zip(Self.uplink, ["24", "64"]).map { "addr add \($0)/\($1) dev uplink" }
    commands += ["192.0.2.0/24", "198.51.100.0/24"].map { "route add \($0) via \(Self.world[0])" }
    commands += ["2001:db8:7::/48", "2001:db8:8::/48"].map { "route add \($0) via \(Self.world[1])" }
    var own: [(space: TestNamespace, commands: [String])] = []
    for (number, (machine, space)) in zip(compiled.network.machines, places).enumerated() {
      own.append((space, []))
      for (place, interface) in machine.interfaces.enumerated() {
        let tap = try #require(compiled.taps.first { $0.name == interface.tap })
        commands.append(
          "link add \(tap.name) group \(group) type veth peer name eth\(place) address \(interface.mac) netns \(space.name)"
        )
        commands.append("link set \(tap.name) master \(tap.master)")
        commands.append("link set \(tap.name) type bridge_slave isolated \(tap.isIsolated ? "on" : "off")")
        commands.append("link set \(tap.name) up")
        own[own.count - 1].commands += ["link set eth\(place) up"]
        own[own.count - 1].commands += interface.addresses.map { "addr add \($0) dev eth\(place)" }
      }
      // Each VM goes to the host with what is not on its bridge, whether it is meant to go there or not.
      for family in IPAddress.Family.allCases {
        guard let way = compiled.network.wayOut(of: number, family) else { continue }
        own[own.count - 1].commands.append("route add \(family == .v4 ? "0.0.0.0/0" : "::/0") via \(way.next)")
      }
    }
    try Self.batch(commands, in: host)
    for (space, commands) in own { try Self.batch(commands, in: space) }
    try Self.batch(
      ["link set eth0 up"] + zip(Self.world, ["24", "64"]).map { "addr add \($0)/\($1) dev eth0" }
        + ["10.0.0.0/8 via \(Self.uplink[0])", "172.16.0.0/12 via \(Self.uplink[0])"].map { "route add \($0)" }
        + ["fd00::/8 via \(Self.uplink[1])"].map { "route add \($0)" }, in: world)
    // A bridge passes nothing before it knows that its port has a carrier.
    try host.run(
      "sh", "-ec",
      """
      for i in $(seq 1200); do
        ip -o link show group \(group) | grep master | grep -qv 'state UP' || exit 0; sleep 0.05
      done; exit 1
      """)
  }

  private static func batch(_ commands: [String], in space: TestNamespace) throws {
    try space.run("sh", "-ec", "ip -batch - <<'END'\n\(commands.joined(separator: "\n"))\nEND")
  }
}
