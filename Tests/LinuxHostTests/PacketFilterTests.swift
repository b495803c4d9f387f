import Host
import HostTesting
import LinuxHost
import Netlink
import Network
import Testing

/// nftables of a namespace of the test's own.
@Suite(.enabled(if: TestNamespace.isAvailable, "needs root and ip"))
struct PacketFilterTests {
  private static let identity = TableIdentity(.inet, "meros_test")

  /// A table with as many members as the number says.
  private static func table(_ name: String = "meros_test", members: UInt32) -> Table {
    let elements = Set((0..<members).map { SetElement(.address(.v4($0))) })
    return Table(
      header: TableHeader(identity: TableIdentity(.inet, name), comment: "of a test"),
      chains: [
        Chain(
          "input", base: Chain.Base(.filter, .input, priority: 0),
          rules: [Rule(.fields(.ipv4Source, in: "members"), .drop, comment: "members")])
      ],
      sets: [SetDefinition("members", [.ipv4], elements: elements)])
  }

  @Test func aTableIsMadeChangedAndRemoved() async throws {
    try await TestNamespace.with { space in
      let filter = LinuxPacketFilter(in: try .named(space.name))
      for members: UInt32 in [3, 0, 70] {
        try await filter.commit([Self.table(members: members)])
        let observed = try await filter.observe([Self.identity])
        #expect(observed == [Self.table(members: members)])
      }
      let headers = try await filter.tables()
      #expect(headers == [TableHeader(identity: Self.identity, comment: "of a test")])
      try await filter.remove([Self.identity])
      let left = try await filter.tables()
      #expect(left == [])
    }
  }

  @Test func commentsOfTablesStayAsTheyWereMade() async throws {
    try await TestNamespace.with { space in
      let filter = LinuxPacketFilter(in: try .named(space.name))
      try await filter.commit([Self.table(members: 1)])
      var other = Self.table(members: 1)
      other.header.comment = "another"
      try await filter.commit([other])
      let headers = try await filter.tables()
      #expect(headers.map(\.comment) == ["of a test"])
    }
  }

  @Test func twoHundredChangesGetThroughWhileSomebodyElseCommitsAllTheTime() async throws {
    try await TestNamespace.with { space in
      let namespace = try NetworkNamespace.named(space.name)
      let mine = LinuxPacketFilter(in: namespace)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          let other = LinuxPacketFilter(in: namespace)
          var round: UInt32 = 0
          while !Task.isCancelled {
            round += 1
            try await other.commit([Self.table("other", members: round % 3)])
          }
        }
        for round in 0..<200 {
          try await mine.commit([Self.table(members: UInt32(round % 7))])
        }
        group.cancelAll()
        do {
          try await group.waitForAll()
        } catch let error as HostError where error.cause == .cancelled {
          // It was waiting for its next attempt.
        }
      }
      let observed = try await mine.observe([Self.identity])
      #expect(observed == [Self.table(members: 199 % 7)])
    }
  }

  @Test func twoWritersOfOneTableNeverLoseAnObject() async throws {
    try await TestNamespace.with { space in
      let namespace = try NetworkNamespace.named(space.name)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for members: UInt32 in [5, 9] {
          group.addTask {
            for _ in 0..<50 { try await LinuxPacketFilter(in: namespace).commit([Self.table(members: members)]) }
          }
        }
        try await group.waitForAll()
      }
      let observed = try await LinuxPacketFilter(in: namespace).observe([Self.identity])
      #expect(observed == [Self.table(members: 5)] || observed == [Self.table(members: 9)])
    }
  }

  @Test func aSetThatIsTakenFromUnderARuleIsNamed() async throws {
    try await TestNamespace.with { space in
      let filter = LinuxPacketFilter(in: try .named(space.name))
      try await filter.commit([Self.table(members: 2)])
      var wrong = Self.table(members: 2)
      wrong.sets["members"] = nil
      do {
        try await filter.commit([wrong])
        Issue.record("a set was taken from under a rule")
      } catch {
        #expect(
          (error as? HostError)
            == HostError(
              "commit tables inet meros_test",
              .refused([.init(object: "set members of table inet meros_test", errno: 16)])))
      }
    }
  }

  @Test func whatIsNotThereIsLeftOut() async throws {
    try await TestNamespace.with { space in
      let filter = LinuxPacketFilter(in: try .named(space.name))
      let observed = try await filter.observe([Self.identity])
      #expect(observed == [])
      try await filter.remove([Self.identity])
    }
  }
}
