import Diagnostics
import Testing
import YAML

@Suite struct YAMLTreeTests {
  @Test func everyNodeKnowsItsPlace() throws {
    let tree = try parse("name: lab\nbridges:\n  lan: {subnet: '10.0.0.1/24', mtu: 1500}\nlist:\n  - äö\n")
    let mapping = try #require(tree.mapping)
    #expect("\(tree.location)" == "f.yml:1:1")
    #expect(tree.location.width == 4)
    let lan = try #require(mapping["bridges"]?.value.mapping?["lan"])
    #expect("\(lan.keyLocation) \(lan.keyLocation.width)" == "f.yml:3:3 3")
    #expect("\(lan.value.location) \(lan.value.location.width)" == "f.yml:3:8 34")
    let subnet = try #require(lan.value.mapping?["subnet"])
    #expect("\(subnet.value.location) \(subnet.value.location.width)" == "f.yml:3:17 13")
    #expect(subnet.value.location.lineText == "  lan: {subnet: '10.0.0.1/24', mtu: 1500}")
    let item = try #require(mapping["list"]?.value.sequence?.first)
    #expect("\(item.location) \(item.location.width)" == "f.yml:5:5 2")
  }

  @Test func quotedAndBlockScalarsAreTextAndPlainOnesAreNot() throws {
    #expect(
      try parse("[1, '1', \"1\", !!str 1, ! 1, !!int '1', true]").shown == "[1, '1', '1', '1', '1', 1, true]")
    #expect(try parse("a: |\n  x\n  y\n").shown == "{a: 'x\ny\n'}")
  }

  @Test(arguments: ["a:", "a: ~", "a: null", "a: Null", "a: NULL", "a: !!null"])
  func nothingIsWrittenInManyWays(text: String) throws {
    #expect(try #require(try parse(text).mapping?["a"]).value.isNull)
  }

  @Test(arguments: ["a: ''", "a: 'null'", "a: none", "a: []"])
  func otherThingsAreNotNothing(text: String) throws {
    #expect(!(try #require(try parse(text).mapping?["a"]).value.isNull))
  }

  @Test(arguments: ["", "\n\n", "# only words\n", "---\n"])
  func anEmptyDocumentIsNothing(text: String) throws {
    #expect(try parse(text).isNull)
  }

  @Test func aliasesStandForTheirAnchors() throws {
    let tree = try parse("a: &x [1, 2]\nb: *x\nc: {d: *x}\n&k key: *k\n")
    #expect(tree.shown == "{a: [1, 2], b: [1, 2], c: {d: [1, 2]}, key: key}")
    #expect("\(try #require(tree.mapping?["b"]).value.location)" == "f.yml:1:4")
  }

  @Test func theLastAnchorOfANameCounts() throws {
    #expect(try parse("[&a 1, *a, &a 2, *a]").shown == "[1, 1, 2, 2]")
  }

  @Test func ownKeysWinOverMergedOnesAndEarlierOverLater() throws {
    let text = """
      a: &a {x: 1, y: 1}
      b: &b {y: 2, z: 2}
      one: {<<: *a, y: 0}
      two: {z: 0, <<: [*a, *b]}
      three: {"<<": text}
      """
    #expect(
      try parse(text).shown
        == "{a: {x: 1, y: 1}, b: {y: 2, z: 2}, one: {y: 0, x: 1}, two: {z: 0, x: 1, y: 1}, three: {<<: text}}")
  }

  @Test func aByteOrderMarkIsNoColumn() throws {
    #expect("\(try #require(try parse("\u{feff}a: b").mapping?["a"]).keyLocation)" == "f.yml:1:1")
  }

  @Test func manyKeysAreFoundAndCheckedLikeFew() throws {
    let text = (0..<1000).map { "k\($0): \($0)\n" }.joined()
    #expect(try #require(try parse(text).mapping?["k777"]).value.shown == "777")
    #expect(faults(text + "k3: x\nk999: y\n") == ["1001:1 duplicate key k3", "1002:1 duplicate key k999"])
  }
}
