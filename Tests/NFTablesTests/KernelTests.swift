import HostTesting
import NFTables
import Netlink
import Network
import Testing

/// The sample in the kernel, in a namespace of the test's own.
@Suite(.enabled(if: TestNamespace.isAvailable, "needs root and ip"))
struct KernelTests {
  private static func observe(_ space: TestNamespace) throws -> RulesetObservation {
    var session = try FilterSession.open(in: .named(space.name))
    return try session.observe([Sample.identity])
  }

  private static func make(_ table: Table, in space: TestNamespace) throws {
    var session = try FilterSession.open(in: .named(space.name))
    let observation = try session.observe([table.identity])
    try session.commit(
      operations(from: observation.tables, to: [table]), generation: observation.generation)
  }

  @Test func everyKindOfObjectComesBackFromTheKernel() async throws {
    try await TestNamespace.with { space in
      try Self.make(Sample.table, in: space)
      let observed = try #require(try Self.observe(space).tables[Sample.identity])
      for (name, chain) in Sample.table.chains { #expect(observed.table.chains[name] == chain, "\(name)") }
      for (name, set) in Sample.table.sets { #expect(observed.table.sets[name] == set, "\(name)") }
      #expect(observed.table == Sample.table)
    }
  }

  @Test func tablesAreMadeToPersist() async throws {
    try await TestNamespace.with { space in
      try Self.make(Sample.table, in: space)
      let flags = try Self.observe(space).tables[Sample.identity]?.flags
      // Kernels before 6.9 do not know it.
      #expect(flags == 4 || flags == 0)
    }
  }

  @Test func everySetCanBeEmptiedAndFilledInPlace() async throws {
    try await TestNamespace.with { space in
      try Self.make(Sample.table, in: space)
      var empty = Sample.table
      for name in empty.sets.keys { empty.sets[name]?.elements = [] }
      for table in [empty, Sample.table] {
        try Self.make(table, in: space)
        let observed = try Self.observe(space).tables[Sample.identity]?.table
        #expect(observed == table)
      }
    }
  }

  @Test func aSetOfAnotherShapeAndAChainHookedElsewhereAreMended() async throws {
    try await TestNamespace.with { space in
      var other = Sample.table
      other.sets["links"] = SetDefinition("links", [.link, .link])
      other.chains["base"]?.rules = [Rule(.fields(.link(.from), .link(.to), in: "links"), .drop)]
      other.chains["base"]?.base?.priority = 12
      try Self.make(other, in: space)
      try Self.make(Sample.table, in: space)
      let observed = try Self.observe(space).tables[Sample.identity]?.table
      #expect(observed == Sample.table)
    }
  }

  @Test func tenThousandMembersGoInAndOneIsChangedAmongThem() async throws {
    try await TestNamespace.with { space in
      var elements: Set<SetElement> = []
      for index in UInt32(0)..<10_000 {
        let link = try #require(LinkName("tap\(index)"))
        elements.insert(
          SetElement(.link(link), .mac(MACAddress(value: UInt64(index))), .address(.v4(index)), comment: nil))
      }
      var table = Table(header: TableHeader(identity: Sample.identity, comment: nil))
      table.sets["many"] = SetDefinition("many", [.link, .mac, .ipv4], elements: elements)
      try Self.make(table, in: space)
      let before = try Self.observe(space)
      #expect(before.tables[Sample.identity]?.table == table)
      let first = try #require(elements.sorted().first)
      table.sets["many"]?.elements.remove(first)
      #expect(operations(from: before.tables, to: [table]).count == 1)
      try Self.make(table, in: space)
      let after = try Self.observe(space)
      #expect(after.tables[Sample.identity]?.table == table)
      #expect(after.generation == before.generation + 1)
    }
  }

  @Test func everyBadObjectIsNamed() async throws {
    try await TestNamespace.with { space in
      try Self.make(Sample.table, in: space)
      var session = try FilterSession.open(in: .named(space.name))
      let rules = (0..<600).map { index in
        Operation.addRule(Sample.identity, chain: "absent", Rule(.drop, comment: "\(index)"), before: nil)
      }
      do {
        try session.commit(rules, generation: nil)
        Issue.record("rules without a chain were taken")
      } catch NFTablesError.refused(let refusals) {
        #expect(refusals.count == 600)
        #expect(refusals.first?.object == #"rule "0" of chain absent of table inet meros_sample"#)
      }
    }
  }

  @Test(arguments: [true, false])
  func theRefusedOneOfManyElementsIsNamed(isInterval: Bool) async throws {
    try await TestNamespace.with { space in
      func element(_ address: UInt32, to port: UInt16, _ comment: String) -> SetElement {
        let fields = [Field.address(.v4(address))]
        let value = SetElement.Value.data(SetElement.key([.port(port)]))
        guard isInterval else { return SetElement(key: SetElement.key(fields), value: value, comment: comment) }
        return SetElement(from: fields, through: [.address(.v4(address + 9))], to: value, comment: comment)
      }
      var table = Table(header: TableHeader(identity: Sample.identity, comment: nil))
      var map = SetDefinition("ports", [.ipv4], to: .fields([.port]), isInterval: isInterval)
      map.elements = [element(0x0a00_0010, to: 80, "forwards[0]")]
      table.sets["ports"] = map
      try Self.make(table, in: space)
      let others = (UInt32(1)...5000).map { element(0x0b00_0000 + $0 * 16, to: 22, "flows[\($0)]") }
      let wrong = element(0x0a00_0010, to: 443, "forwards[1]")
      var session = try FilterSession.open(in: .named(space.name))
      do {
        let operation = Operation.addElements(
          Sample.identity, map, Array(others[..<4000]) + [wrong] + Array(others[4000...]))
        try session.commit([operation], generation: nil)
        Issue.record("an element was taken that contradicts another")
      } catch NFTablesError.refused(let refusals) {
        #expect(refusals.map(\.comment) == ["forwards[1]"])
        let text = "element \(map.text(of: wrong)) of set ports of table inet meros_sample"
        #expect(refusals.map(\.object) == [text])
      }
      #expect(try Self.observe(space).tables[Sample.identity]?.table == table)
    }
  }
}
