import Diagnostics
import MerosCommand
import QMP
import Testing

@Suite struct DiagnosticsViewTests {
  private let source = SourceText(
    name: "lab/constellation.yml", bytes: Array("bridges:\n  lab_br: {}\nvms:\n\t- {bridge: labbr}\n".utf8))

  private var undefined: Diagnostic {
    Diagnostic(
      .error, "no bridge is called labbr", at: SourceLocation(in: source, line: 4, column: 13, width: 5),
      remedy: "did you mean lab_br?",
      related: [.init("the bridge", at: SourceLocation(in: source, line: 2, column: 3, width: 6))])
  }

  @Test func eachIsShownWithItsPlaceTheLineAndWhatToDo() {
    let diagnostics = Diagnostics([
      undefined,
      Diagnostic(.warning, "the file is old", remedy: "write a new one"),
    ])
    #expect(
      DiagnosticsView(diagnostics).text(Paint(isOn: false)) == """
        warning: the file is old
          do: write a new one

        error: no bridge is called labbr
          lab/constellation.yml:4:13
            4 |  - {bridge: labbr}
              |             ^^^^^
          note: the bridge
          lab/constellation.yml:2:3
            2 |   lab_br: {}
              |   ^^^^^^
          do: did you mean lab_br?

        """)
  }

  @Test func colourIsPutOnOnlyWhenItIsAskedFor() {
    let diagnostics = Diagnostics(
      Diagnostic(.error, "no value", at: SourceLocation(in: source, line: 1, column: 1, width: 7), remedy: "write one"))
    #expect(
      DiagnosticsView(diagnostics).text(Paint(isOn: true)) == """
        \u{1b}[31merror\u{1b}[0m: \u{1b}[1mno value\u{1b}[0m
          lab/constellation.yml:1:1
            \u{1b}[2m1 |\u{1b}[0m bridges:
            \u{1b}[2m  |\u{1b}[0m \u{1b}[31m^^^^^^^\u{1b}[0m
          \u{1b}[1mdo\u{1b}[0m: write one

        """)
  }

  @Test func programsGetTheSameFacts() {
    #expect(
      DiagnosticsView(Diagnostics([undefined, Diagnostic(.note, "hm")])).value.description
        == #"[{"column":null,"detail":null,"file":null,"line":null,"related":[],"severity":"note","snippet":null,"#
        + #""summary":"hm"},{"column":13,"detail":"did you mean lab_br?","file":"lab/constellation.yml","line":4,"#
        + #""related":[{"column":3,"file":"lab/constellation.yml","line":2,"snippet":"  lab_br: {}","#
        + #""summary":"the bridge"}],"severity":"error","snippet":"\t- {bridge: labbr}","#
        + #""summary":"no bridge is called labbr"}]"#)
  }

  @Test func aLongLineIsCutAroundThePlace() {
    let line = String(repeating: "a", count: 150) + "WRONG" + String(repeating: "b", count: 150)
    let long = SourceText(name: "f", bytes: Array(line.utf8))
    let diagnostics = Diagnostics(
      Diagnostic(.error, "wrong", at: SourceLocation(in: long, line: 1, column: 151, width: 5)))
    #expect(
      DiagnosticsView(diagnostics).text(Paint(isOn: false)) == """
        error: wrong
          f:1:151
            1 | …\(String(repeating: "a", count: 20))WRONG\(String(repeating: "b", count: 75))…
              | \(String(repeating: " ", count: 21))^^^^^

        """)
  }

  @Test func aTerminalIsToldNothingByAManifest() {
    let hostile = SourceText(name: "f", bytes: Array("a: \u{1b}]0;x\u{7}\u{202e}b".utf8))
    let diagnostics = Diagnostics(
      Diagnostic(.error, "name \u{1b}[2J\nis bad", at: SourceLocation(in: hostile, line: 1, column: 4)))
    #expect(
      DiagnosticsView(diagnostics).text(Paint(isOn: false)) == """
        error: name \u{fffd}[2J is bad
          f:1:4
            1 | a: \u{fffd}]0;x\u{fffd}\u{fffd}b
              |    ^

        """)
  }
}
