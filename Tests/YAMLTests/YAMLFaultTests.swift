import Diagnostics
import Testing
import YAML

@Suite struct YAMLFaultTests {
  @Test func duplicateKeysAreReportedWithBothPlaces() throws {
    do throws(Diagnostics) {
      _ = try parse("a: 1\nb: {c: 1, c: 2}\n\"a\": 2\n")
      Issue.record("nothing was thrown")
    } catch {
      let all = error.all
      #expect(all.map(\.summary) == ["duplicate key c", "duplicate key a"])
      #expect(all.map { $0.location?.description } == ["f.yml:2:11", "f.yml:3:1"])
      #expect(
        all.map { $0.related.map { "\($0.summary) \($0.location)" } } == [
          ["first written here f.yml:2:5"], ["first written here f.yml:1:1"],
        ])
    }
  }

  @Test(arguments: [
    ("a: {<<: 1}", "1:9 << merges mappings, and this is none"),
    ("a: {<<: [1]}", "1:9 << merges mappings, and this is none"),
    ("a: {<<: {b: 1}, <<: {c: 1}}", "1:17 duplicate key <<"),
    ("? [a, b]\n: 1", "1:3 a key must be a plain word, not a list or a mapping"),
    ("a: *b", "1:4 no anchor &b stands before this alias"),
    ("a: &b [*b]", "1:8 the alias *b stands inside what it stands for"),
    ("a: 1\n---\nb: 2", "2:1 a second document begins here"),
    ("a: !mine 1", "1:4 the tag !mine means nothing here"),
    ("a: !!binary 1", "1:4 the tag !!binary means nothing here"),
    ("a: !!map [1]", "1:4 the tag !!map means nothing here"),
    ("a: !!seq {}", "1:4 the tag !!seq means nothing here"),
    ("a: !!str {}", "1:4 the tag !!str means nothing here"),
    ("a: [1\nb: 2", "2:2 did not find expected ',' or ']'"),
    ("a: b: c", "1:5 mapping values are not allowed in this context"),
    ("a:\n\t- 1", "2:1 found character that cannot start any token"),
    ("a: 'b", "1:6 found unexpected end of stream"),
    ("%YAML 9.9\n---\na", "1:1 found incompatible YAML document"),
    ("a: \u{86}b", "1:4 control characters are not allowed"),
  ])
  func whatIsNoManifestIsRefusedWithItsPlace(text: String, fault: String) {
    #expect(faults(text) == [fault])
  }

  @Test(
    arguments: [
      ([0x61, 0x3a, 0x20, 0xff], "1:4 the text is no valid UTF-8"),
      ([0x61, 0x0a, 0xc3, 0xa4, 0xc3], "2:2 the text is no valid UTF-8"),
      ([0xff, 0xfe, 0x61, 0x00], "1:4 a NUL byte in the text"),
      ([0x61, 0x0a, 0x62, 0x00], "2:2 a NUL byte in the text"),
      ([0x61, 0x1b], "1:2 the control character 0x1b in the text"),
    ] as [([UInt8], String)])
  func whatIsNoTextIsRefusedWithItsPlace(bytes: [UInt8], fault: String) {
    #expect(faults(bytes) == [fault])
  }

  @Test func severalFaultsAreReportedTogether() {
    #expect(
      faults("a: *x\nb: *y\na: 1\nc: [") == [
        "1:4 no anchor &x stands before this alias", "2:4 no anchor &y stands before this alias",
        "3:1 duplicate key a", "5:1 did not find expected node content",
      ])
  }

  @Test func tabsAreNamedAsTheCause() throws {
    do throws(Diagnostics) {
      _ = try parse("a:\n\tb: 1\n")
      Issue.record("nothing was thrown")
    } catch {
      #expect(error.all.first?.remedy == "indent with spaces; YAML allows no tabs there")
    }
  }
}

@Suite struct YAMLLimitTests {
  @Test func aLongTextIsRefusedUnread() {
    var limits = YAMLLimits()
    limits.bytes = 10
    #expect(faults("a: 1234567", limits: limits) == [])
    #expect(faults("a: 12345678", limits: limits) == ["- f.yml is 11 bytes long, more than the 10 that are read"])
  }

  @Test func depthIsBounded() {
    let deep = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(faults(deep(64)) == [])
    #expect(faults(deep(65)) == ["1:65 more than 64 lists and mappings in one another"])
    #expect(faults(String(repeating: "[", count: 1_000_000)) == ["1:65 more than 64 lists and mappings in one another"])
    #expect(
      faults(String(repeating: "- ", count: 65) + "1") == ["1:129 more than 64 lists and mappings in one another"])
  }

  @Test func aliasesOfAliasesAreBounded() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...30 {
      text += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ") + "]\n"
    }
    #expect(faults(text) == ["6:45 the aliases up to here stand for more than 1000000 values"])
  }

  @Test func mergedMappingsAreBounded() {
    var limits = YAMLLimits()
    limits.aliasedNodes = 100
    let text = "a: &a {" + (0..<20).map { "k\($0): 1" }.joined(separator: ", ") + "}\n"
    #expect(faults(text + "b: {<<: *a}\nc: {<<: *a}\n", limits: limits) == [])
    #expect(
      faults(text + "b: {<<: *a}\nc: {<<: *a}\nd: {<<: *a}\n", limits: limits) == [
        "4:9 the aliases up to here stand for more than 100 values"
      ])
  }
}
