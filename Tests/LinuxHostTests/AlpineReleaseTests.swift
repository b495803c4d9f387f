import Host
import Testing

@testable import LinuxHost

struct AlpineReleaseTests {
  private static let short = String(repeating: "1", count: 64)
  private static let long = String(repeating: "A", count: 128)

  private func index(_ file: String = "mini.tar.gz", digests: String = "sha256: \(short)\n  sha512: \(long)") -> [UInt8]
  {
    Array(
      """
      ---
      -
        title: "Virtual"
        flavor: alpine-virt
        arch: x86_64
        version: 3.20.3
        file: alpine-virt.iso
      -
        title: "Mini root filesystem"
        desc: |
          Minimal root filesystem.
        flavor: alpine-minirootfs
        arch: x86_64
        version: 3.20.3
        file: \(file)
        \(digests)
      """.utf8)
  }

  @Test(arguments: [
    ("3.20", "v3.20", nil), ("v3.20", "v3.20", nil), ("3.20.3", "v3.20", "3.20.3"), ("edge", "edge", nil),
    ("latest-stable", "latest-stable", nil), ("v3", "v3", nil), ("3.", "3.", nil),
  ])
  func aReleaseIsABranchOrAVersionOfOne(release: String, name: String, version: String?) {
    let branch = AlpineBranch(release)
    #expect(branch.name == name && branch.version == version)
  }

  @Test func theMinirootfsIsFoundWithItsDigests() throws {
    let found = try #require(try AlpineRelease.find(in: index(), arch: "x86_64", version: nil))
    #expect(found.file == "mini.tar.gz" && found.version == "3.20.3")
    #expect(found.sha256 == Self.short && found.sha512 == Self.long.lowercased())
    #expect(try AlpineRelease.find(in: index(), arch: "x86_64", version: "3.20.3") == found)
    #expect(try AlpineRelease.find(in: index(), arch: "x86_64", version: "3.20.2") == nil)
    #expect(try AlpineRelease.find(in: index(), arch: "aarch64", version: nil) == nil)
  }

  @Test(arguments: ["../../etc/passwd", "/etc/passwd", "..", "-o"])
  func aFileWithAPathForANameIsRefused(file: String) {
    #expect(throws: AlpineRelease.Fault(what: "names the file \(file)")) {
      try AlpineRelease.find(in: index(file), arch: "x86_64", version: nil)
    }
  }

  @Test(arguments: ["size: 1", "sha256: 12", "sha512: \(short)"])
  func aMinirootfsWithoutADigestIsRefused(digests: String) {
    #expect(throws: AlpineRelease.Fault.self) {
      try AlpineRelease.find(in: index(digests: digests), arch: "x86_64", version: nil)
    }
  }

  @Test(arguments: ["<html>", "a: b", "- {", "\u{1}"])
  func whatIsNoIndexIsRefused(text: String) {
    #expect(throws: AlpineRelease.Fault.self) {
      try AlpineRelease.find(in: Array(text.utf8), arch: "x86_64", version: nil)
    }
  }

  @Test func anOlderVersionHasItsDigestBesideIt() throws {
    let release = try AlpineRelease(
      arch: "x86_64", version: "3.20.1",
      digestFile: Array("\(Self.long)  alpine-minirootfs-3.20.1-x86_64.tar.gz\n".utf8))
    #expect(release.file == "alpine-minirootfs-3.20.1-x86_64.tar.gz" && release.sha256 == nil)
    #expect(release.sha512 == Self.long.lowercased())
    #expect(throws: AlpineRelease.Fault.self) {
      try AlpineRelease(arch: "x86_64", version: "3.20.1", digestFile: Array("404".utf8))
    }
  }

  @Test func aLockFileHoldsVersionAndDigest() throws {
    let file = AlpineRelease.file(arch: "x86_64", version: "3.20.3")
    for (short, long) in [(Self.short, nil), (nil, Self.long.lowercased())] {
      let release = try AlpineRelease(file: file, version: "3.20.3", sha256: short, sha512: long)
      #expect(AlpineRelease(pinned: release.pinned, arch: "x86_64") == release)
    }
    for text in ["", "3.20.3", "3.20.3 sha512:12", "../x sha256:\(Self.short)", "3.20.3 md5:\(Self.short)"] {
      #expect(AlpineRelease(pinned: text, arch: "x86_64") == nil)
    }
  }
}

/// As curl says it, with `--fail`.
@Test(arguments: [
  ("curl: (22) The requested URL returned error: 404", true),
  ("curl: (22) The requested URL returned error: 410", true),
  ("curl: (22) The requested URL returned error: 503", false),
  ("curl: (22) The requested URL returned error: 403", false),
])
func onlyWhatIsNotThereIsRefused(_ line: String, _ isRefusal: Bool) {
  let failure = ProgramFailure(command: ["curl"], termination: .exited(22), lastLines: [line])
  #expect(HostError("fetch", .program(failure)).isRefusal == isRefusal)
}
