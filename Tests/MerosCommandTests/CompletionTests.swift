import ArgumentParser
import SystemPackage
import Testing

@testable import MerosCommand

private let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()

@Test func constellationsAndTheirVMsAreOffered() {
  #expect(Completions.constellations("quick", in: root) == ["quickstart"])
  #expect(Completions.constellations("examples/q", in: root) == ["examples/quickstart"])
  #expect(Completions.constellations("Sour", in: root).isEmpty)
  #expect(Completions.machines(["meros", "connect", "quickstart", ""], "", in: root) == ["web", "client", "db"])
  #expect(Completions.machines(["meros", "connect", "quickstart", "w"], "w", in: root) == ["web"])
  #expect(Completions.machines(["meros", "connect", "nowhere", ""], "", in: root).isEmpty)
}

@Test(arguments: ["bash", "zsh", "fish"])
func eachShellHasAScript(_ shell: String) throws {
  let command = try #require(try Meros.parseAsRoot(["completions", shell]) as? CompletionsCommand)
  let script = Meros.completionScript(for: command.shell.kind)
  #expect(script.contains("connect") && script.contains("---completion"))
}

@Test func initIsApply() throws {
  let command = try #require(try Meros.parseAsRoot(["init", "lab", "-y"]) as? ApplyCommand)
  #expect(command.constellations == ["lab"] && command.options.isApproved)
}
