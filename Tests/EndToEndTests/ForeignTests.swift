import Glibc
import Host
import HostTesting
import LinuxHost
import MerosCommand
import Reconcile
import Resources
import SystemPackage
import Testing

/// What belongs to others: never touched, and named when it is in the way.
@Suite(.serialized, .enabled(if: Ground.isAvailable, "needs root, network namespaces and QEMU"))
struct ForeignTests {
  /// Links, tables and a QEMU as other tools would leave them; the QEMU even claims to be one of ours.
  private func settle(_ ground: Ground, _ laboratory: Laboratory) throws {
    let uuid = Naming(laboratory.scope).uuid(vm: "web")
    for arguments in [
      "link add docker0 type bridge", "addr add 172.17.0.1/16 dev docker0", "link set docker0 up",
      "tuntap add dev tap7 mode tap", "link set tap7 master docker0", "link set tap7 up", "link set lo up",
    ] {
      try ground.namespace.run("sh", "-c", "ip \(arguments)")
    }
    try ground.write(Self.tables, to: "others.nft")
    try ground.namespace.run("nft", "-f", ground.folder.appending("others.nft").string)
    let qemu = try ground.start(
      "exec qemu-system-x86_64 -nodefaults -display none -S -m 16 -accel tcg -name guest=web -uuid \(uuid)")
    #expect(qemu > 0)
  }

  private static let tables = """
    table ip nat {
      chain DOCKER { }
      chain POSTROUTING {
        type nat hook postrouting priority srcnat; policy accept;
        ip saddr 172.17.0.0/16 oifname != "docker0" counter masquerade
      }
    }
    table ip filter {
      chain DOCKER-USER { return; }
      chain FORWARD {
        type filter hook forward priority filter; policy drop;
        jump DOCKER-USER
        iifname "docker0" accept
      }
    }
    table inet firewalld {
      set trusted { type ipv4_addr; flags interval; elements = { 10.0.0.0/24 } }
      chain filter_INPUT {
        type filter hook input priority 10; policy accept;
        ct state established,related accept
        ip saddr @trusted accept
      }
    }
    """

  @Test func applyAndDestroyLeaveThemAsTheyWere() async throws {
    try await Ground.with { ground in
      let laboratory = try Laboratory(ground)
      try settle(ground, laboratory)
      let before = try Snapshot(of: ground)
      try await laboratory.apply(Manifests.three)
      // What differs has come, but for forwarding.
      let lost = before.differences(to: try Snapshot(of: ground)).filter { $0.contains(" - ") }
      #expect(lost.allSatisfy { $0.hasPrefix("settings ") && $0.contains("forward") }, "\(lost)")
      try await laboratory.apply(Manifests.three.replacing("10.71.1.12", with: "10.71.1.13"))
      let disks = Set(["web", "client", "db"].map { ResourceAddress(kind: Disk.kind, name: $0) })
      try await laboratory.apply(nil, PlanOptions(deletions: disks))
      try ground.expectNothingNew(since: before)
      // Of the data directory only its identity stays behind.
      for folder in ["run", "disks", "keys"] {
        let names =
          laboratory.data.appending(folder).exists
          ? try laboratory.data.appending(folder).folderEntries().map(\.string) : []
        #expect(names.filter { $0 != ".identity" } == [], "\(folder)")
      }
    }
  }

  struct Obstacle: CustomTestStringConvertible, Sendable {
    var commands: [String]
    var words: String
    var testDescription: String { commands.joined(separator: "; ") }
  }

  @Test(arguments: [
    Obstacle(commands: ["ip link add lab-lan type bridge"], words: "lab-lan"),
    Obstacle(commands: ["ip tuntap add dev lab-db-0 mode tap"], words: "lab-db-0"),
    Obstacle(
      commands: ["ip link add eth7 type bridge", "ip addr add 10.71.0.1/16 dev eth7"], words: "10.71.0.0/16"),
    Obstacle(
      commands: ["ip link add eth7 type bridge", "ip link set eth7 up", "ip route add 10.71.2.128/25 dev eth7"],
      words: "10.71.2.128/25"),
    Obstacle(commands: ["nft add table inet meros_lab"], words: "meros_lab"),
  ])
  func whatIsInTheWayIsNamedAndNothingIsDone(_ obstacle: Obstacle) async throws {
    try await Ground.with { ground in
      let laboratory = try Laboratory(ground)
      for command in obstacle.commands { try ground.namespace.run("sh", "-c", command) }
      let before = try Snapshot(of: ground)
      let (ending, words) = try await laboratory.attempt(Manifests.three)
      #expect(ending == .refused)
      #expect(words.contains(obstacle.words), "\(words)")
      try ground.expectNothingNew(since: before)
      #expect(!laboratory.data.appending("disks").exists)
      // Of what was never made nothing is to be destroyed.
      try await laboratory.apply(nil)
      try ground.expectNothingNew(since: before)
    }
  }

  @Test func oneNameInTwoDataDirectoriesIsNoHarmToEither() async throws {
    try await Ground.with { ground in
      let first = try Laboratory(ground)
      let manifest = Manifests.bridges + Manifests.machines + Manifests.client
      try await first.apply(manifest)
      let before = try Snapshot(of: ground)
      let second = try Laboratory(ground, data: "other")
      let (ending, words) = try await second.attempt(manifest)
      #expect(ending == .refused)
      #expect(words.contains("lab-lan") && words.contains("meros_lab"), "\(words)")
      try ground.expectNothingNew(since: before)
      // Even where nothing is in its way there is nothing of it to destroy.
      try await second.apply(nil)
      try ground.expectNothingNew(since: before)
      #expect(try await first.plan(manifest) == [])
    }
  }
}
