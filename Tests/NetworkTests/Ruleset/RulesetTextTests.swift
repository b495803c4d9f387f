import Network
import Testing

/// How objects of a ruleset are named to people, and which of them are equal.
struct RulesetTextTests {
  private static func address(_ text: String) throws -> Field { .address(try #require(IPAddress(text))) }

  @Test func membersReadAsNftListsThem() throws {
    let lan = Field.link(try #require(LinkName("lan")))
    let mac = Field.mac(MACAddress(value: 0x5254_0000_0001))
    let senders = SetDefinition("senders", [.link, .mac, .ipv4])
    #expect(
      senders.text(of: SetElement(lan, mac, try Self.address("10.0.0.1"))) == #""lan" . 52:54:00:00:00:01 . 10.0.0.1"#)
    let ports = SetDefinition("ports", [.link, .transport, .port], isInterval: true)
    #expect(
      ports.text(of: SetElement(from: [lan, .byte(6), .port(80)], through: [lan, .byte(6), .port(90)]))
        == #""lan" . tcp . 80-90"#)
    let plain = SetDefinition("plain", [.ipv6], isInterval: true)
    #expect(
      plain.text(of: SetElement(from: [try Self.address("fd00::1")], through: [try Self.address("fd00::ff")]))
        == "fd00::1-fd00::ff")
    #expect(SetDefinition("marks", [.mark]).text(of: SetElement(.number(258))) == "258")
  }

  @Test func whatAMapLeadsToIsToldToo() throws {
    let lan = Field.link(try #require(LinkName("lan")))
    let ways = SetDefinition("ways", [.link], to: .verdict)
    #expect(ways.text(of: SetElement(lan, to: .verdict(.goto("there")))) == #""lan" : goto there"#)
    let forwards = SetDefinition("forwards", [.transport, .port], to: .fields([.ipv4, .port]))
    #expect(
      forwards.text(of: SetElement(.byte(17), .port(53), to: .data([10, 0, 0, 1, 0, 53, 0, 0])))
        == "udp . 53 : 10.0.0.1 . 53")
  }

  @Test func keysOfNoKnownFormAreShownAsTheyAre() {
    let set = SetDefinition("strange", [.ipv4])
    #expect(set.text(of: SetElement(key: [1, 2])) == "0x0102")
    #expect(set.text(of: SetElement(key: [])) == "*")
    #expect(SetDefinition("strange", []).text(of: SetElement(key: [255])) == "0xff")
  }

  @Test func fieldsArePaddedWhereThereAreSeveral() {
    #expect(SetElement(.byte(6), .port(22)).key == [6, 0, 0, 0, 0, 22, 0, 0])
    #expect(SetElement(.port(22)).key == [0, 22])
    #expect(SetDefinition.length(of: [.link, .mac, .ipv4]) == 28)
    #expect(SetDefinition.length(of: [.mac]) == 6)
  }

  @Test func theOrderOfChainsSetsAndMembersMakesNoDifference() {
    let header = TableHeader(identity: TableIdentity(.inet, "t"), comment: nil)
    let (a, b) = (Chain("a", rules: [Rule(.accept)]), Chain("b"))
    #expect(Table(header: header, chains: [a, b]) == Table(header: header, chains: [b, a]))
    #expect(Table(header: header, chains: [a]) != Table(header: header, chains: [Chain("a", rules: [Rule(.drop)])]))
  }

  @Test func aRuleReadsFromLeftToRight() {
    let rule = Rule(.transport(6), .counter, .goto("there"), comment: "why")
    #expect(rule.description == #"[meta transport => r0] [r0 equal 0x06] counter goto there comment "why""#)
  }

  @Test func aCommentIsCutWhereTheKernelWouldCutIt() {
    let long = String(repeating: "ä", count: 70)
    let element = SetElement(.byte(1), comment: long)
    #expect(element.comment == String(repeating: "ä", count: 63))
    #expect(Rule(.accept, comment: "short").comment == "short")
    #expect(Rule([], comment: "cut\0here").comment == "cut")
  }
}
