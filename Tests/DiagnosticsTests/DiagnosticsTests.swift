import Diagnostics
import Testing

@Suite struct DiagnosticsTests {
  private let source = SourceText(name: "f", bytes: Array("one\ntwo\r\nthree\rfour\u{85}five\u{2028}six".utf8))

  @Test(arguments: zip(1...6, ["one", "two", "three", "four", "five", "six"]))
  func linesEndWhereYAMLEndsThem(number: Int, text: String) {
    #expect(source.line(number) == text)
  }

  @Test(
    arguments: [
      ("https://me:secret@host/a", "https://me:***@host/a", "https://me:******@host/a"),
      ("https://:secret@host", "https://:***@host", "https://:******@host"),
      ("ssh://git@host:22/a", "ssh://git@host:22/a", "ssh://git@host:22/a"),
      ("git@host:a/b", "git@host:a/b", "git@host:a/b"), ("https://host:8080/a@b", "https://host:8080/a@b", nil),
      (
        "'http://a:b:c@d@h/x' and http://e:f@g", "'http://a:***@h/x' and http://e:***@g",
        "'http://a:*****@h/x' and http://e:*@g"
      ),
      ("a: b://", "a: b://", nil), ("url: \"https://ü:ß@h\"", "url: \"https://ü:***@h\"", "url: \"https://ü:*@h\""),
    ] as [(String, String, String?)])
  func passwordsOfURLsAreHidden(_ text: String, _ hidden: String, _ masked: String?) {
    #expect(text.hidingPasswords == hidden)
    #expect(text.maskingPasswords == masked ?? text)
  }

  @Test func everyLineOfALongTextIsFound() {
    let long = SourceText(name: "f", bytes: Array((1...1000).map { "line \($0)" }.joined(separator: "\n").utf8))
    #expect((1...1000).allSatisfy { long.line($0) == "line \($0)" })
    #expect(long.line(1001) == nil)
    let ended = SourceText(name: "f", bytes: Array(String(repeating: "\n", count: 64).utf8))
    #expect(ended.line(65) == "" && ended.line(66) == nil)
  }

  @Test(arguments: [-1, 0, 7, .max])
  func thereIsNoLineBeyondTheText(number: Int) {
    #expect(source.line(number) == nil)
  }

  @Test func aPlaceIsShownAsFileLineAndColumn() {
    let location = SourceLocation(in: source, line: 2, column: 1, width: 3)
    #expect("\(location)" == "f:2:1")
    #expect(location.lineText == "two")
    #expect(SourceLocation(file: "f", line: 2, column: 1, width: 3) == location)
    #expect(SourceLocation(file: "f", line: 2, column: 1).lineText == nil)
  }

  @Test func whatWasFoundIsOrderedByPlace() {
    var found = Diagnostics()
    found.error("c", at: SourceLocation(in: source, line: 3, column: 1))
    found.warning("b", at: SourceLocation(in: source, line: 1, column: 5))
    found.error("b, found later", at: SourceLocation(in: source, line: 1, column: 5))
    found.append(Diagnostic(.note, "a"))
    #expect(found.all.map(\.summary) == ["a", "b", "b, found later", "c"])
    #expect(found.count == 4)
    #expect(found.errorCount == 2)
  }

  @Test func oneThingIsToldOnce() {
    var found = Diagnostics()
    for _ in 1...3 { found.error("twice", at: SourceLocation(in: source, line: 1, column: 1)) }
    found.append(contentsOf: found)
    #expect(found.count == 1)
  }

  @Test func onlyErrorsAreThrown() throws {
    var found = Diagnostics()
    found.warning("take care", at: nil)
    #expect(!found.hasErrors)
    try found.throwIfErrors()
    found.error("no", at: nil)
    do throws(Diagnostics) {
      try found.throwIfErrors()
      Issue.record("nothing was thrown")
    } catch {
      #expect(error == found)
    }
  }

  @Test func locatedValuesAreEqualWhereverTheyStand() {
    let one = Located(1, at: SourceLocation(in: source, line: 1, column: 1))
    #expect(one == Located(1, at: SourceLocation(in: source, line: 2, column: 1)))
    #expect(one != Located(2, at: one.location))
    #expect(one.map { "\($0)" }.location == one.location)
  }
}
