import Host
import Network
import Testing

@testable import Resources

/// What flows become.
struct FirewallFlowTests {
  private static func set(_ name: String, _ flows: [FilterPolicy.Flow], table: Int = 0) throws -> [String] {
    var policy = try FirewallSample.policy()
    policy.flows = flows
    let set = try #require(policy.tables(former: .init(ipv4: true, ipv6: true))[table].sets[name])
    return set.elements.sorted().map { "\(set.text(of: $0)) \($0.comment ?? "")" }
  }

  @Test func aFlowBetweenMachinesIsExactAndLeadsBackToTheManifest() throws {
    let flows = [try FirewallSample.flow(2, .machine("vm-web"), .machine("vm-safe"), "5432", "53/udp")]
    #expect(
      try Self.set("flow4", flows) == [
        "10.77.0.10 . 10.77.1.10 . tcp . 5432 flows[2]", "10.77.0.10 . 10.77.1.10 . udp . 53 flows[2]",
      ])
    #expect(try Self.set("flow6", flows).first == "fd77::10 . fd77:0:0:1::10 . tcp . 5432 flows[2]")
    #expect(try Self.set("flow4_ping", flows) == ["10.77.0.10 . 10.77.1.10 flows[2]"])
    #expect(try Self.set("flow4_range", flows) == [])
  }

  @Test func withoutPortsItIsOneMemberForEveryProtocol() throws {
    let flows = [try FirewallSample.flow(0, .machine("vm-safe"), .machine("vm-db"))]
    #expect(try Self.set("flow4_any", flows) == ["10.77.1.10 . 10.77.0.11 flows[0]"])
    #expect(try Self.set("flow4_range", flows) == [])
    // The bridge of the first does not let its VMs ping.
    #expect(try Self.set("ping_pair4", flows, table: 1) == ["10.77.1.10 . 10.77.0.11 flows[0]"])
  }

  @Test func rangesDoNotMeet() throws {
    let flows = [
      try FirewallSample.flow(0, .machine("vm-safe"), .bridge("lan"), "100-200"),
      try FirewallSample.flow(1, .bridge("quiet"), .bridge("lan"), "150-300"),
      try FirewallSample.flow(2, .bridge("quiet"), .bridge("lan"), "150-300"),
    ]
    #expect(
      try Self.set("flow4_range", flows) == [
        "10.77.1.0-10.77.1.255 . 10.77.0.0-10.77.0.255 . tcp . 150-300 flows[1]",
        "10.77.1.10 . 10.77.0.0-10.77.0.255 . tcp . 100-149 flows[0]",
      ])
  }

  /// Every point of a small space, by brute force.
  @Test func disjointBoxesHoldTheSamePoints() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      let boxes = (0..<6).map { number in
        Box(
          sides: (0..<3).map { _ in
            let ends = [UInt128.random(in: 0..<6, using: &generator), .random(in: 0..<6, using: &generator)]
            return min(ends[0], ends[1])...max(ends[0], ends[1])
          }, comment: "\(number)")
      }
      let parts = Box.disjoint(boxes)
      for point in 0..<(6 * 6 * 6) {
        let place = [point % 6, point / 6 % 6, point / 36].map { UInt128($0) }
        func holds(_ box: Box) -> Bool { zip(box.sides, place).allSatisfy { $0.contains($1) } }
        #expect(parts.count { holds($0) } == (boxes.contains(where: holds) ? 1 : 0))
      }
    }
  }

  @Test func whatLiesOutsideOfPrefixesIsAllTheRest() throws {
    let prefixes = try ["10.0.0.0/8", "0.0.0.0/8", "255.0.0.0/8", "10.1.0.0/16", "fd00::/8"].map {
      try #require(IPPrefix($0))
    }
    #expect(ranges(outside: prefixes, .v4) == [0x0100_0000...0x09ff_ffff, 0x0b00_0000...0xfeff_ffff])
    #expect(ranges(outside: [], .v6) == [0...UInt128.max])
    #expect(ranges(outside: [try #require(IPPrefix("::/0"))], .v6) == [])
  }
}
