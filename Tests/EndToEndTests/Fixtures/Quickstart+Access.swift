import LinuxHost
import SystemPackage
import Testing

/// What a person does with machines once they run.
extension Quickstart {
  /// Commands with their exit codes, a file of an odd name there and back, and what a slip of the pen is answered with.
  func visit() async throws {
    let said = try await meros.run(["connect", "quickstart", "web", "--", "printf '%s|' a 'b  c'; exit 7"])
    #expect(said.code == 7 && said.output == "a|b  c|", "\(said)")
    let misspelt = try await meros.run(["connect", "quickstart", "wbe", "--", "true"])
    #expect(misspelt.code == 1 && misspelt.diagnostics.contains("did you mean web?"), "\(misspelt)")

    let file = ground.folder.appending("two words\nand a line")
    try file.replaceContents((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 8) })
    let pushed = try await meros.run(["push", "quickstart", "web", file.string, ":/srv/"])
    #expect(pushed.code == 0, "\(pushed)")
    let back = ground.folder.appending("back")
    let remote = ":/srv/\(file.lastComponent?.string ?? "")"
    let pulled = try await meros.run(["pull", "quickstart", "web", remote, back.string])
    #expect(pulled.code == 0, "\(pulled)")
    #expect(try FileDigest.of(back) == FileDigest.of(file))
    let missing = try await meros.run(["pull", "quickstart", "web", ":/srv/nothing", back.string])
    #expect(missing.code != 0, "\(missing)")
  }
}
