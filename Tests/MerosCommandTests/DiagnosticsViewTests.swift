import Diagnostics
import Manifest
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

  @Test func theMistakesOfAnOldManifestAreShownWithWhatToWrite() {
    let text = """
      bridges:
        lab_br: {subnet: "10.0.4.1/24", policy_type: isolated, allowed_ips: [192.168.100.0/24]}
      virtual_machines:
        node01:
          networks: [{label: tap_node01, bridge: labbr, ip_addr: "10.0.4.10"}]
          memory: 2X
          memory: 2G
          extra_args: ["-cdrom installer.iso"]
      """
    #expect(
      shown(text) == """
        error: duplicate key memory
          lab/constellation.yml:7:5
            7 |     memory: 2G
              |     ^^^^^^
          note: first written here
          lab/constellation.yml:6:5
            6 |     memory: 2X
              |     ^^^^^^
          do: remove one of the two

        """)
    #expect(
      shown(text.replacing("    memory: 2G\n", with: "")) == """
        error: no bridge is called labbr
          lab/constellation.yml:5:44
            5 |     networks: [{label: tap_node01, bridge: labbr, ip_addr: "10.0.4.10"}]
              |                                            ^^^^^
          do: did you mean lab_br?

        error: memory should be an amount of memory, up to 16T, not 2X
          lab/constellation.yml:6:13
            6 |     memory: 2X
              |             ^^
          do: write it like 512M, 2G, or a bare number of MiB

        error: a virtual machine has no key extra_args
          lab/constellation.yml:7:5
            7 |     extra_args: ["-cdrom installer.iso"]
              |     ^^^^^^^^^^
          do: write qemu_args

        """)
  }

  @Test func passwordsOfURLsAreNotShown() {
    let source = SourceText(name: "f.yml", bytes: Array("{url: \"https://me:secret@host/a\", ref: none}".utf8))
    let diagnostics = Diagnostics(
      Diagnostic(
        .error, "https://me:secret@host/a has no branch none",
        at: SourceLocation(in: source, line: 1, column: 40, width: 4), remedy: "look at https://me:secret@host/a"))
    let view = DiagnosticsView(diagnostics)
    #expect(
      view.text(Paint(isOn: false)) == """
        error: https://me:***@host/a has no branch none
          f.yml:1:40
            1 | {url: "https://me:******@host/a", ref: none}
              |                                        ^^^^
          do: look at https://me:***@host/a

        """)
    #expect(!"\(view.value)".contains("secret"))
  }

  /// What is wrong with a manifest, for people.
  private func shown(_ text: String) -> String {
    do throws(Diagnostics) {
      let warnings = try Manifest.load(
        Array(text.utf8), file: "lab/constellation.yml", directoryName: "lab"
      ).warnings
      return DiagnosticsView(warnings).text(Paint(isOn: false))
    } catch {
      return DiagnosticsView(error).text(Paint(isOn: false))
    }
  }
}
