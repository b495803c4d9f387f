import ArgumentParser
import Host
import LinuxHost
import QMP
import SystemPackage
import Testing

@testable import MerosCommand

@Suite struct ManualTests {
  @Test(arguments: Meros.configuration.subcommands.compactMap { $0.configuration.commandName })
  func everyCommandIsInTheManual(_ name: String) {
    let lines = Meros.manual.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.contains(".Ss \(name)"))
  }

  @Test func whatACommandTakesIsTold() {
    let argument: JSON = [
      "kind": "option", "isOptional": .bool(true), "isRepeating": .bool(true), "valueName": "a.b",
      "abstract": "Only this. And \\that.", "preferredName": ["kind": "long", "name": "target"],
      "names": [["kind": "long", "name": "target"], ["kind": "short", "name": "t"]],
    ]
    let command: JSON = [
      "commandName": "x", "abstract": "Do.", "discussion": ".what\n\nExamples:\n  meros x 'a'\n",
      "arguments": [argument],
    ]
    let page = ManualView(["command": ["commandName": "meros", "subcommands": [command]]], version: "1").text
    #expect(
      page.contains(
        #"""
        .Ss x
        .Nm
        .Cm x
        .Op Fl -target Ar a.b ...
        .Pp
        Do.
        .Pp
        \&.what
        .Pp
        Examples:
        .Bd -literal -offset indent
        meros x 'a'
        .Ed
        .Bl -tag -width Ds
        .It Fl -target , Fl t Ar a.b
        Only this.
        And \ethat.
        .El
        """#))
  }

  @Test(.enabled(if: Program("mandoc").isInstalled, "mandoc is not installed"))
  func thePageIsSound() async throws {
    let folder = FilePath("/tmp/meros-test-\(UInt64.random(in: 0 ... .max))")
    try folder.makeFolders()
    defer { try? folder.removeTree() }
    let page = folder.appending("meros.8")
    try page.replaceContents(Array(Meros.manual.utf8))
    let result = try await Program("mandoc", ["-T", "lint", "-W", "warning", page.string], capturesOutput: true)
      .result("check the manual")
    #expect(result.termination == .exited(0), "\(String(decoding: result.output, as: UTF8.self))")
  }
}
