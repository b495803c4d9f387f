import Netlink
import Network
import Testing

@testable import NFTables

/// What is written is read again as the same value: both directions, without a kernel between.
struct EncodingTests {
  /// The messages of some operations, each with its type.
  private static func messages(_ operations: [Operation]) -> [(type: UInt16, bytes: [UInt8])] {
    var writer = MessageWriter(firstSequence: 1)
    for operation in operations {
      let isWritten = writer.write(operation, tableFlags: 4)
      #expect(isWritten)
    }
    var messages: [(type: UInt16, bytes: [UInt8])] = []
    NetlinkDatagram(bytes: writer.bytes).forEach { header, message in
      messages.append((header.type & 0xff, message.bytes()))
    }
    return messages
  }

  private static func read<Value>(_ bytes: [UInt8], _ decode: (RawSpan) -> Value) -> Value {
    unsafe decode(bytes.span.bytes)
  }

  @Test(arguments: Sample.chains.flatMap(\.rules))
  func aRuleComesBack(rule: Rule) throws {
    let message = try #require(Self.messages([.addRule(Sample.identity, chain: "base", rule, before: 9)]).first)
    let decoded = Self.read(message.bytes, DecodedRule.init)
    #expect(decoded.rule == rule)
    #expect(decoded.chain == "base")
  }

  @Test(arguments: Sample.sets)
  func aSetComesBackWithItsElements(set: SetDefinition) throws {
    let messages = Self.messages([
      .addSet(Sample.identity, set), .addElements(Sample.identity, set, set.elements.sorted()),
    ])
    var decoded = try #require(Self.read(messages[0].bytes, SetDefinition.init))
    let elements = messages.dropFirst().flatMap { Self.read($0.bytes, DecodedElement.elements) }
    decoded.elements = decoded.members(elements)
    #expect(decoded == set)
  }

  @Test(arguments: Sample.chains)
  func aChainComesBackWithoutItsRules(chain: Chain) throws {
    let message = try #require(Self.messages([.addChain(Sample.identity, chain)]).first)
    let decoded = Self.read(message.bytes, DecodedChain.init)
    #expect(decoded.chain == Chain(chain.name, base: chain.base))
  }

  @Test func aTableComesBackWithItsCommentAndFlags() throws {
    let header = TableHeader(identity: Sample.identity, comment: "meros: facts", isDormant: true)
    let message = try #require(Self.messages([.addTable(header)]).first)
    let decoded = try #require(Self.read(message.bytes, DecodedTable.init))
    #expect(decoded.header == header)
    #expect(decoded.flags == 5)
  }

  @Test func manyElementsAreSplitWhereAnAttributeEnds() throws {
    let set = SetDefinition("many", [.ipv4])
    let elements = (0..<10_000).map { SetElement(.address(.v4(UInt32($0)))) }
    let messages = Self.messages([.addElements(Sample.identity, set, elements)])
    #expect(messages.count > 1)
    #expect(messages.allSatisfy { $0.bytes.count < 66_000 })
    let decoded = messages.flatMap { Self.read($0.bytes, DecodedElement.elements) }
    #expect(set.members(decoded) == Set(elements))
  }

  @Test func whatCanOnlyBeReadIsNotWritten() {
    var writer = MessageWriter(firstSequence: 1)
    let rule = Rule([.other(name: "quota", attributes: [])])
    let isWritten = writer.write(.addRule(Sample.identity, chain: "base", rule, before: nil), tableFlags: 0)
    #expect(!isWritten)
  }

  @Test func anUnknownExpressionOrAttributeIsAValueOfItsOwn() throws {
    // NFTA_EXPR_NAME "cmp", NFTA_EXPR_DATA with one attribute of type 99.
    let bytes: [UInt8] = [8, 0, 1, 0, 0x63, 0x6d, 0x70, 0, 12, 0, 2, 0x80, 8, 0, 99, 0, 0, 0, 0, 1]
    let expression = try #require(Self.read(bytes, Expression.init))
    #expect(expression == .other(name: "cmp", attributes: [8, 0, 99, 0, 0, 0, 0, 1]))
  }

  @Test(arguments: 0..<200)
  func brokenMessagesAreReadWithoutHarm(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let rule = Sample.chains.flatMap(\.rules).randomElement(using: &generator) ?? Rule([])
    var bytes = Self.messages([.addRule(Sample.identity, chain: "base", rule, before: nil)])[0].bytes
    for _ in 0..<4 {
      bytes[Int.random(in: 16..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
    }
    bytes.removeLast(Int.random(in: 0..<20, using: &generator))
    _ = Self.read(bytes, DecodedRule.init)
    _ = Self.read(bytes, DecodedChain.init)
    _ = Self.read(bytes, DecodedElement.elements)
    if let set = Self.read(bytes, SetDefinition.init) {
      for element in Self.read(bytes, DecodedElement.elements) {
        #expect(!set.text(of: element.element).isEmpty)
      }
    }
  }
}

/// The same numbers for the same seed (splitmix64).
struct SeededGenerator: RandomNumberGenerator {
  var seed: UInt64

  mutating func next() -> UInt64 {
    seed &+= 0x9e37_79b9_7f4a_7c15
    var z = seed
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}
