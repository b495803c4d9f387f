import Host
import HostTesting
import SystemPackage
import Testing

@testable import LinuxHost

/// What a mirror of Alpine says of its packages, by the real apk.
@Suite(.enabled(if: AlpineMirror.isAvailable, "needs root and ../shared/alpine"))
struct AlpineInquiryTests {
  private func versions(_ packages: [LockedPackage]) -> [String] { packages.map { "\($0.name) \($0.version)" } }

  @Test func aBaseIsAllThatTheMinirootfsLacks() async throws {
    try await AlpineSample.with { sample in
      let base = try await sample.locked(.base)
      #expect(versions(base) == ["openrc 0.54-r1", "openssh-server 9.7-r4"])
      #expect(base.allSatisfy { LockedPackage(name: $0.name, locked: $0.locked) == $0 && $0.locked.contains(" Q1") })
      // The first server that the mirror has.
      try sample.mirror.hold("openssh", "9.7-r4", depends: ["openssh-server"])
      #expect(try await sample.locked(.base).map(\.name) == ["openrc", "openssh", "openssh-server"])
      for name in ["openssh", "openssh-server"] { try sample.mirror.drop(name) }
      try sample.mirror.hold("dropbear-convert", "1-r0")
      try sample.mirror.hold("dropbear", "1-r0")
      #expect(try await sample.locked(.base).map(\.name) == ["dropbear", "dropbear-convert", "openrc"])
      try sample.mirror.drop("dropbear")
      try await expectProgramFailure("the mirror has no ssh server: none of openssh openssh-server dropbear") {
        _ = try await sample.locked(.base)
      }
    }
  }

  @Test func packagesComeOntoTheBaseWithWhatTheyNeed() async throws {
    try await AlpineSample.with { sample in
      let base = try await sample.locked(.base)
      #expect(versions(try await sample.locked(.added(["hello"], onto: base))) == ["hello 1.0-r0", "libhello 2.1-r3"])
      #expect(try await sample.answer(.added(["busybox", "openrc"], onto: base)) == .packages([]))
      // What is in the minirootfs moves where something needs that.
      try sample.mirror.hold("ca-certificates-bundle", "20990101-r0")
      try sample.mirror.hold("tool", "1.0-r0", depends: ["ca-certificates-bundle>=20300101", "openrc"])
      #expect(
        versions(try await sample.locked(.added(["tool"], onto: base))) == [
          "ca-certificates-bundle 20990101-r0", "tool 1.0-r0",
        ])
      // And once it is in the base, it stays.
      let bundle = try await sample.locked(.added(["ca-certificates-bundle=20990101-r0"], onto: base))
      try sample.mirror.hold("ca-certificates-bundle", "20990102-r0")
      try await sample.buildBase(base)
      try await sample.buildLayer("bundle", ["ca-certificates-bundle"], [])
      #expect(try await sample.answer(.added(["tool"], onto: base + bundle)) == .lost(bundle))
    }
  }

  @Test func unknownNamesAreToldAsTheyWereWritten() async throws {
    try await AlpineSample.with { sample in
      #expect(
        try await sample.answer(.added(["nowhere", "hello", "elsewhere=1"], onto: []))
          == .unknown(["elsewhere=1", "nowhere"]))
      try sample.mirror.drop("linux-virt")
      try sample.mirror.hold("other", "1-r0")
      #expect(try await sample.answer(.kernel) == .unknown(["linux-virt"]))
      // What a package needs is nobody's spelling.
      try sample.mirror.hold("broken", "1-r0", depends: ["void"])
      try await expectProgramFailure("void (no such package)") {
        _ = try await sample.answer(.added(["broken"], onto: []))
      }
    }
  }

  @Test func whatTheMirrorLostIsMissingUnlessItIsCached() async throws {
    try await AlpineSample.with { sample in
      let base = try await sample.locked(.base)
      #expect(try await sample.missing(base).isEmpty)
      try await sample.buildBase(base)
      try sample.mirror.hold("openrc", "0.55-r0")
      try sample.mirror.hold("tool", "1.0-r0", depends: ["openrc"])
      #expect(try await sample.missing(base).isEmpty)
      // What is locked may be in the cache alone: what comes onto it is found all the same.
      #expect(versions(try await sample.locked(.added(["tool"], onto: base))) == ["tool 1.0-r0"])
      try sample.apks.appending("control").removeTree()
      #expect(versions(try await sample.locked(.added(["tool"], onto: base))) == ["tool 1.0-r0"])
      try sample.apks.removeTree()
      #expect(try await sample.missing(base) == ["openrc"])
      #expect(try await sample.answer(.added(["tool"], onto: base)) == .lost([base[0]]))
    }
  }

  @Test func aMirrorThatDoesNotAnswerCountsAsItDidLast() async throws {
    try await AlpineSample.with { sample in
      let base = try await sample.locked(.base)
      sample.mirror.stop()
      #expect(try await sample.locked(.base) == base)
      // Whether it still has them is another question.
      try await expectProgramFailure("/v3.20/main cannot be used, see above") { _ = try await sample.missing(base) }
    }
  }

  @Test func whereThereIsNoDataDirectoryNoneIsMade() async throws {
    try await AlpineSample.with { sample in
      let none = try DataDirectory.open(sample.folder.appending("none"), create: false)
      let answers = try await LinuxOrigins(none).packages(for: [.base], from: sample.source)
      #expect(answers == [.packages(try await sample.locked(.base))])
      #expect(!sample.folder.appending("none").exists)
    }
  }

  @Test func ofTwoFilesOfOneVersionThatOfTheFirstRepositoryCounts() async throws {
    try await AlpineSample.with { sample in
      try sample.mirror.hold("tool", "1.0-r0", depends: ["libhello"], in: "extra")
      try sample.mirror.hold("libhello", "2.1-r3", in: "extra")
      func locked(_ components: String...) async throws -> (PackageSource, [LockedPackage]) {
        var source = sample.source
        source.components = components
        return (source, try await sample.data.locked(.added(["tool"], onto: []), source))
      }
      let (source, packages) = try await locked("main", "extra")
      let (_, others) = try await locked("extra", "main")
      #expect(versions(packages) == ["libhello 2.1-r3", "tool 1.0-r0"] && versions(others) == versions(packages))
      #expect(packages[0] != others[0] && packages[1] == others[1])
      // Each is fetched from where it is.
      try await sample.buildBase(try await sample.locked(.base))
      for (name, locked) in [("one", packages), ("two", others)] {
        try await sample.build(
          name, .rootfs(RootfsSource(from: source, base: "base", packages: ["tool"], locked: locked)))
      }
      #expect(try await sample.names("one").contains("./usr/share/hello"))
      #expect(try await sample.names("two").contains("./usr/share/libhello.version"))
    }
  }

  @Test(
    arguments: [
      ("(1/2) Installing a (1.0-r0)", ["a 1.0-r0"]), ("( 1/12) Installing g++ (13.2_rc1-r0)", ["g++ 13.2_rc1-r0"]),
      ("(2/2) Upgrading b (1.0-r0 -> 1.1-r0)", ["b 1.1-r0"]), ("(1/1) Purging c (1)", []),
      ("(1/1) Installing d@edge (2)", ["d 2"]), ("OK: 8 MiB in 14 packages", []),
      ("(1/1) Downgrading e (2 -> 1)", ["e 1"]),
    ] as [(String, [String])])
  func whatAPKWouldDoIsRead(_ line: String, _ expected: [String]) {
    #expect(APKAnswer.installed(in: [line]).map { "\($0.name) \($0.version)" } == expected)
  }
}
