import Host
import HostTesting
import MerosCommand
import NFTables
import Netlink
import Testing

/// Constellations beside each other, and applies one after the other.
@Suite(.enabled(if: Ground.isAvailable, "needs root, network namespaces and QEMU"))
struct NeighbourTests {
  private func generation(_ ground: Ground) throws -> UInt32 {
    var session = try FilterSession.open(in: .named(ground.namespace.name))
    return try session.generation()
  }

  @Test func aSecondApplySendsNothing() async throws {
    try await Ground.with { ground in
      let laboratory = try Laboratory.withoutMachines(ground)
      try await laboratory.apply(Manifests.three)
      let (before, snapshot) = (try generation(ground), try Snapshot(of: ground))
      try await laboratory.apply(Manifests.three)
      #expect(try generation(ground) == before)
      try ground.expectNothingNew(since: snapshot)
    }
  }

  @Test(arguments: ["0", "1"])
  func theLastToGoPutsForwardingBack(_ former: String) async throws {
    try await Ground.with { ground in
      let setting = "/proc/sys/net/ipv4/ip_forward"
      try ground.namespace.run("sh", "-c", "echo \(former) >\(setting)")
      let before = try Snapshot(of: ground)
      let one = try Laboratory.withoutMachines(ground, "one")
      let two = try Laboratory.withoutMachines(ground, "two")
      let other = Manifests.three.replacing("10.71.", with: "10.72.")
      try await one.apply(Manifests.three)
      let alone = try Snapshot(of: ground)
      try await two.apply(other)
      #expect(try await one.plan(Manifests.three) == [])
      // The first to come goes first: the second knows what was before both.
      try await one.apply(nil)
      #expect(try await two.plan(other) == [])
      #expect(try ground.namespace.run("cat", setting).trimmingLine == "1")
      try await one.apply(Manifests.three)
      try await two.apply(nil)
      #expect(try await one.plan(Manifests.three) == [])
      // Links and processes that were made again have other numbers, and tables another order.
      try ground.expectNothingNew(since: alone, besides: "links ", "addresses ", "routes ", "ruleset ", "processes ")
      try await one.apply(nil)
      try ground.expectNothingNew(since: before)
    }
  }

  @Test func whoWantsTheSubnetOfAnotherIsRefused() async throws {
    try await Ground.with { ground in
      let one = try Laboratory.withoutMachines(ground, "one")
      let two = try Laboratory.withoutMachines(ground, "two")
      try await one.apply(Manifests.three)
      let before = try Snapshot(of: ground)
      let (ending, words) = try await two.attempt(Manifests.three)
      #expect(ending == .refused)
      #expect(words.contains("10.71.1.0/24") && words.contains("one-lan"), "\(words)")
      try ground.expectNothingNew(since: before)
    }
  }
}
