import ArgumentParser
import Glibc
import LinuxHost
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

@Test func addressesAreOffered() async {
  #expect(
    await Completions.addresses(["meros", "why", "quickstart", "vm."], "vm.", in: root)
      == ["vm.client", "vm.db", "vm.web"])
  #expect(await Completions.addresses(["meros", "why", "nowhere", ""], "", in: root).isEmpty)
}

/// What a person sees who presses the tabulator key.
@Test(.enabled(if: Program("bash").isInstalled, "bash is not installed"))
func bashCompletesConstellationsVMsAndAddresses() async throws {
  let tests = unsafe try #require(realpath("/proc/self/exe", nil))
  defer { unsafe free(tests) }
  let meros = unsafe FilePath(platformString: tests).removingLastComponent().appending("meros")
  let script = """
    source <("$0" completions bash)
    complete() {
      COMP_WORDS=("$0" "$@") COMP_CWORD=$# COMP_LINE="$0 $*" COMPREPLY=()
      COMP_POINT=${#COMP_LINE}
      _meros "$0" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
      echo "${COMPREPLY[*]}"
    }
    complete plan qui
    complete connect quickstart w
    complete why quickstart vm.
    complete plan quickstart --target bridge.
    complete gra
    """
  let result = try await Program("bash", ["-c", script, meros.string], in: root, capturesOutput: true).result(
    "complete")
  let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
  #expect(lines == ["quickstart", "web", "vm.client vm.db vm.web", "bridge.back bridge.lan", "graph"])
}

@Test func initIsApply() throws {
  let command = try #require(try Meros.parseAsRoot(["init", "lab", "-y"]) as? ApplyCommand)
  #expect(command.constellations == ["lab"] && command.options.isApproved)
}
