import Glibc
import Host
import HostTesting
import SystemPackage
import Testing

@testable import LinuxHost

/// What is kept of Alpine's packages and of what it begins with, and whose it may be.
@Suite(.enabled(if: AlpineMirror.isAvailable, "needs root and ../shared/alpine"))
struct AlpineCacheTests {
  @Test func aChangedByteInTheCacheIsFetchedAnewOrMissed() async throws {
    try await AlpineSample.with { sample in
      let base = try await sample.locked(.base)
      try await sample.buildBase(base)
      let first = try await sample.digest("base")
      try sample.spoil(try #require(try sample.kept("openrc-0.54-r1")))
      #expect(try await sample.missing(base).isEmpty)
      try await sample.build("base", .rootfs(RootfsSource(from: sample.source, locked: base)), rebuild: true)
      #expect(try await sample.digest("base") == first)
      try sample.spoil(try #require(try sample.kept("openrc-0.54-r1")))
      try sample.mirror.hold("openrc", "0.55-r0")
      #expect(try await sample.missing(base) == ["openrc"])
    }
  }

  @Test func anotherFileOfTheSameVersionIsNotInstalledWhateverTheCacheSays() async throws {
    try await AlpineSample.with { sample in
      let base = try await sample.locked(.base)
      try await sample.buildBase(base)
      let hello = try await sample.locked(.added(["hello"], onto: base))
      try sample.mirror.hold("libhello", "2.1-r3")
      try await expectProgramFailure("has another file of libhello 2.1-r3 than the lock file says, Q1") {
        try await sample.buildLayer("hello", ["hello"], hello)
      }
      #expect(try sample.kept("libhello-2.1-r3") == nil)
      // Signed with the right key, and what it is was told wrongly.
      let other = try await sample.locked(.added(["libhello"], onto: base))
      try await sample.buildLayer("other", ["libhello"], other)
      let kept = try #require(try sample.kept("libhello-2.1-r3"))
      let record = sample.records.appending(try FileDigest.of(kept))
      let wanted = try #require(hello.first { $0.name == "libhello" })
      try record.write(try record.text().replacing(other[0].identity.text, with: wanted.identity.text))
      try await expectProgramFailure("the file of a package is not what the lock file says: libhello 2.1-r3 Q1") {
        try await sample.buildLayer("hello", ["hello"], hello)
      }
    }
  }

  @Test func mirrorsThatSignDifferentlyKeepTheirFilesBesideEachOther() async throws {
    try await AlpineSample.with { sample in
      try await sample.withAnotherMirror { another in
        let base = try await sample.locked(.base)
        // The same packages, signed by others; and another one of the same version.
        #expect(try await another.locked(.base) == base)
        try another.mirror.hold("libhello", "2.1-r3")
        let hello = try await sample.locked(.added(["hello"], onto: base))
        let other = try await another.locked(.added(["hello"], onto: base))
        #expect(hello.map(\.version) == other.map(\.version) && hello != other)
        try await sample.buildBase(base)
        try await sample.buildLayer("hello", ["hello"], hello)
        #expect(try await another.missing(base + other).isEmpty)
        try await another.build("another", .rootfs(RootfsSource(from: another.source, locked: base)))
        try await another.build(
          "other", .rootfs(RootfsSource(from: another.source, base: "another", packages: ["hello"], locked: other)))
        #expect(try await sample.names("hello").contains("./usr/share/hello"))
        #expect(try await sample.names("other").contains("./usr/share/libhello.version"))
        // Neither took anything from the other.
        sample.mirror.stop()
        another.mirror.stop()
        #expect(try await sample.missing(base + hello).isEmpty)
        #expect(try await another.missing(base + other).isEmpty)
        try await sample.build("base", .rootfs(RootfsSource(from: sample.source, locked: base)), rebuild: true)
        try await another.build("another", .rootfs(RootfsSource(from: another.source, locked: base)), rebuild: true)
      }
    }
  }

  @Test func twoMinirootfsOfOneVersionAreKeptBesideEachOther() async throws {
    try await AlpineSample.with { sample in
      func change(_ mirror: AlpineMirror) async throws {
        // Another file that holds the same.
        let script = #"""
          gzip </dev/null >>"$1"
          after=$(sha512sum <"$1" | cut -d ' ' -f 1)
          digest=$(sha256sum <"$1" | cut -d ' ' -f 1)
          sed -i "s/sha512: .*/sha512: $after/; s/sha256: .*/sha256: $digest/" "${1%/*}/latest-releases.yaml"
          """#
        try await Program("sh", ["-euc", script, "sh", mirror.minirootfs.string]).run("change the minirootfs")
      }
      try await sample.withAnotherMirror(change) { another in
        #expect(sample.source.minirootfs != another.source.minirootfs)
        let base = try await sample.locked(.base)
        #expect(try await another.locked(.base) == base)
        sample.mirror.stop()
        another.mirror.stop()
        for source in [sample.source, another.source] {
          #expect(try await LinuxOrigins(sample.data).hasMinirootfs(of: source))
        }
      }
    }
  }

  @Test func aMinirootfsAsMirrorsCallItIsTakenFromTheCache() async throws {
    try await AlpineSample.with { sample in
      let minirootfs = sample.data.cache.appending("minirootfs")
      try minirootfs.makeFolders()
      try await Program("cp", [sample.mirror.minirootfs.string, minirootfs.string]).run("put into the cache")
      try sample.mirror.minirootfs.unlink()
      #expect(try await LinuxOrigins(sample.data).hasMinirootfs(of: sample.source))
      #expect(try await sample.locked(.base).count == 2)
      #expect(try minirootfs.folderEntries().count == 1)
    }
  }

  @Test func aLostMinirootfsIsNoBareRefusalOfTheMirror() async throws {
    try await AlpineSample.with { sample in
      let base = try await sample.locked(.base)
      try sample.data.cache.appending("minirootfs").removeTree()
      try sample.mirror.minirootfs.unlink()
      #expect(try await sample.answer(.added(["hello"], onto: base)) == .lostMinirootfs)
      #expect(try await !LinuxOrigins(sample.data).hasMinirootfs(of: sample.source))
    }
  }

  @Test func aFileAsMirrorsCallItIsTakenFromTheCache() async throws {
    try await AlpineSample.with { sample in
      let base = try await sample.locked(.base)
      try await sample.buildBase(base)
      try sample.apks.removeTree()
      try sample.apks.makeFolders()
      for name in ["openrc-0.54-r1", "openssh-server-9.7-r4"] {
        let file = sample.mirror.package(name)
        try await Program("cp", [file.string, sample.apks.string]).run("put into the cache")
        try file.unlink()
      }
      #expect(try await sample.missing(base).isEmpty)
      try await sample.build("base", .rootfs(RootfsSource(from: sample.source, locked: base)), rebuild: true)
    }
  }
}
