import NFTables
import Network
import Testing

/// The operations between two values, without a kernel.
struct DifferencesTests {
  private static func observed(_ table: Table) -> [TableIdentity: ObservedTable] {
    var handle: UInt64 = 100
    var handles: [String: [UInt64]] = [:]
    for (name, chain) in table.chains.sorted(by: { $0.key < $1.key }) {
      handles[name] = chain.rules.map { _ in
        handle += 1
        return handle
      }
    }
    return [table.identity: ObservedTable(table: table, flags: 4, ruleHandles: handles)]
  }

  private static func table(_ rules: [Rule]) -> Table {
    Table(header: TableHeader(identity: Sample.identity, comment: nil), chains: [Chain("c", rules: rules)])
  }

  private static func rule(_ name: String) -> Rule { Rule(.counter, comment: name) }

  @Test func equalTablesNeedNothing() {
    #expect(operations(from: Self.observed(Sample.table), to: [Sample.table]).isEmpty)
  }

  @Test func aMissingTableIsMadeInAnOrderThatRefersBack() throws {
    let all = operations(from: [:], to: [Sample.table])
    let names = all.map { String(describing: $0).prefix { $0 != "(" } }
    let order = ["addTable", "addChain", "addSet", "addElements", "addRule"]
    let places = try names.map { try #require(order.firstIndex(of: String($0))) }
    #expect(places == places.sorted())
    #expect(all.count == 1 + Sample.chains.count + 2 * Sample.sets.count + Sample.chains.flatMap(\.rules).count)
  }

  @Test func aRuleBetweenOthersLeavesThemAlone() {
    let old = Self.table(["a", "b", "d", "x"].map(Self.rule))
    let new = Self.table(["a", "c", "d", "e"].map(Self.rule))
    #expect(
      operations(from: Self.observed(old), to: [new]) == [
        .deleteRule(Sample.identity, chain: "c", handle: 102), .deleteRule(Sample.identity, chain: "c", handle: 104),
        .addRule(Sample.identity, chain: "c", Self.rule("c"), before: 103),
        .addRule(Sample.identity, chain: "c", Self.rule("e"), before: nil),
      ])
  }

  @Test(arguments: 0..<60)
  func applyingTheRuleOperationsGivesTheWantedOrder(seed: Int) {
    var generator = SeededRules(seed: UInt64(seed))
    let (old, new) = (generator.rules(), generator.rules())
    let present = Self.observed(Self.table(old))
    var rows = zip(present[Sample.identity]?.ruleHandles["c"] ?? [], old).map { (handle: $0, rule: $1) }
    for operation in operations(from: present, to: [Self.table(new)]) {
      switch operation {
      case .deleteRule(_, _, let handle): rows.removeAll { $0.handle == handle }
      case .addRule(_, _, let rule, let before):
        let place = before.flatMap { handle in rows.firstIndex { $0.handle == handle } } ?? rows.count
        rows.insert((0, rule), at: place)
      default: Issue.record("\(operation)")
      }
    }
    #expect(rows.map(\.rule) == new)
  }

  @Test func aSetOfAnotherShapeIsMadeAnewWithTheRulesThatLookItUp() {
    var old = Sample.table
    old.sets["links"] = SetDefinition("links", [.ipv4])
    let all = operations(from: Self.observed(old), to: [Sample.table])
    #expect(all.contains(.deleteSet(Sample.identity, "links")))
    #expect(all.contains { $0.object == "set links of table inet meros_sample" })
    let added = all.filter { if case .addRule = $0 { true } else { false } }
    #expect(added == [.addRule(Sample.identity, chain: "base", Sample.matches[0], before: 102)])
  }

  @Test func onlyElementsThatDifferAreNamed() throws {
    var new = Sample.table
    new.sets["marks"]?.elements = [SetElement(.number(8))]
    let old = Self.observed(Sample.table)
    let set = try #require(Sample.table.sets["marks"])
    let wanted = try #require(new.sets["marks"])
    #expect(
      operations(from: old, to: [new]) == [
        .deleteElements(Sample.identity, set, [SetElement(.number(7))]),
        .addElements(Sample.identity, wanted, [SetElement(.number(8))]),
      ])
  }

  @Test func whatIsNotWantedGoes() {
    var old = Sample.table
    old.chains["mine"] = Chain("mine", rules: [Rule(.drop)])
    old.others = [OtherObject(.stateful(1), "count")]
    #expect(
      operations(from: Self.observed(old), to: [Sample.table]).map(\.object).suffix(2) == [
        "object count of table inet meros_sample", "chain mine of table inet meros_sample",
      ])
    #expect(
      operations(from: Self.observed(old), to: [], without: [Sample.identity]) == [.deleteTable(Sample.identity)])
    #expect(operations(from: [:], to: [], without: [Sample.identity]).isEmpty)
  }
}

private struct SeededRules {
  var seed: UInt64

  /// Up to eight rules out of five.
  mutating func rules() -> [Rule] {
    (0..<next() % 9).map { _ in Rule(.counter, comment: "\(next() % 5)") }
  }

  private mutating func next() -> UInt64 {
    seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return seed >> 33
  }
}
