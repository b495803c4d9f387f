import Glibc
import Host
import HostTesting
import SystemPackage
import Testing

@testable import LinuxHost

/// The real minirootfs and its apk, with small packages.
@Suite(.enabled(if: AlpineMirror.isAvailable, "needs root and ../shared/alpine"))
struct BuildAlpineTests {
  @Test func aBaseBootsByOpenrcAndLetsSSHIn() async throws {
    try await AlpineSample.with { sample in
      try await sample.buildBase(try await sample.locked(.base))
      let names = try await sample.names("base")
      for name in [
        "./sbin/openrc", "./usr/sbin/sshd", "./etc/runlevels/default/sshd", "./etc/apk/keys/tests@meros.rsa.pub",
      ] {
        #expect(names.contains(name))
      }
      #expect(!names.contains("./etc/resolv.conf") && !names.contains("./.meros/"))
      #expect(!names.contains { $0.hasPrefix("./var/cache/apk/") && $0 != "./var/cache/apk/" })
      #expect(try await sample.text("base", "./etc/apk/repositories") == "\(sample.mirror.url)/v3.20/main\n")
      #expect(try await sample.text("base", "./etc/inittab").contains("\nttyS0::respawn:/sbin/getty"))
    }
  }

  @Test func whatWasAskedForByNameIsWhatAPKTakesForIt() async throws {
    try await AlpineSample.with { sample in
      let base = try await sample.locked(.base)
      try await sample.buildBase(base)
      let hello = try await sample.locked(.added(["hello"], onto: base))
      try await sample.buildLayer("hello", ["hello"], hello)
      #expect(
        try await sample.text("hello", "./etc/apk/world") == """
          alpine-baselayout
          alpine-keys
          apk-tools
          busybox
          hello
          libc-utils
          openrc
          openssh-server

          """)
      let said = try await sample.simulated("hello")
      #expect(said.hasPrefix("OK: "), "\(said)")
      // A layer of what is there already holds no file.
      let nothing = try await sample.locked(.added(["zlib"], onto: base))
      try await sample.buildLayer("zlib", ["zlib"], nothing)
      #expect(nothing.isEmpty)
      #expect(try await sample.text("zlib", "./etc/apk/world").hasSuffix("openssh-server\nzlib\n"))
    }
  }

  @Test func theSameComesOutOnAnotherMachineWithoutTheMirror() async throws {
    try await AlpineSample.with { sample in
      let base = try await sample.locked(.base)
      let hello = try await sample.locked(.added(["hello"], onto: base))
      let linux = try await sample.locked(.kernel)
      #expect(linux.map(\.name) == ["busybox-static", "linux-virt"])
      func build(_ sample: AlpineSample) async throws -> [String?] {
        try await sample.buildBase(base)
        try await sample.buildLayer("hello", ["hello"], hello)
        try await sample.build("virt", .kernel(.distribution(sample.source, linux)))
        return [
          try await sample.digest("base"), try await sample.digest("hello"), try await sample.digest("virt"),
        ]
      }
      let first = try await build(sample)
      #expect(try await sample.names("hello").isSuperset(of: ["./usr/bin/hello", "./sbin/openrc"]))
      #expect(try await sample.text("hello", "./etc/libhello") == "made\n")
      #expect(try sample.data.entry(.kernel, "virt").appending("kernel").text() == "a kernel\n")
      #expect(!first.contains(nil))
      // What the mirror has by now is of no account; and then it is gone.
      try sample.mirror.hold("libhello", "3.0-r0")
      sample.mirror.stop()
      let other = try await sample.elsewhere("apks", "minirootfs")
      #expect(try await build(other) == first)
      #expect(try await other.missing(base + hello + linux).isEmpty)
      // A layer needs nothing but its own.
      try other.data.cache.appending("minirootfs").removeTree()
      try await other.build(
        "hello", .rootfs(RootfsSource(from: other.source, base: "base", packages: ["hello"], locked: hello)),
        rebuild: true)
      #expect(try await other.digest("hello") == first[1])
      // Nothing was listed for that.
      #expect(!other.data.cache.appending("lists").exists)
    }
  }

  @Test func filesOfPackagesAloneDo() async throws {
    try await AlpineSample.with { sample in
      let base = try await sample.locked(.base)
      try await sample.buildBase(base)
      let first = try await sample.digest("base")
      sample.mirror.stop()
      let other = try await sample.elsewhere("apks", "minirootfs")
      try other.apks.appending("control").removeTree()
      #expect(try await other.missing(base).isEmpty)
      try other.apks.appending("control").removeTree()
      try await other.buildBase(base)
      #expect(try await other.digest("base") == first)
    }
  }

  @Test func aChangedByteOfTheMinirootfsIsRefused() async throws {
    try await AlpineSample.with { sample in
      let base = try await sample.locked(.base)
      try sample.data.cache.appending("minirootfs").removeTree()
      try sample.spoil(sample.mirror.minirootfs)
      do {
        try await sample.buildBase(base)
        Issue.record("it was taken")
      } catch let error as HostError {
        guard case .untrusted(let what, let why) = error.cause else { throw error }
        #expect(what.hasSuffix("/alpine-minirootfs-3.20.3-x86_64.tar.gz"))
        #expect(why.hasPrefix("its sha512 is "))
      }
      #expect(try sample.data.cache.appending("minirootfs").folderEntries().isEmpty)
    }
  }

  @Test func aChangedByteOfAPackageIsRefused() async throws {
    try await AlpineSample.with { sample in
      let base = try await sample.locked(.base)
      try await sample.buildBase(base)
      let hello = try await sample.locked(.added(["hello"], onto: base))
      try sample.spoil(sample.mirror.package("libhello-2.1-r3"))
      try await expectProgramFailure("libhello-2.1-r3.apk: ", "neither the cache nor the mirror has libhello 2.1-r3") {
        try await sample.buildLayer("hello", ["hello"], hello)
      }
      #expect(try await sample.digest("hello") == nil)
      #expect(try sample.kept("libhello-2.1-r3") == nil)
    }
  }

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

  @Test func aMissingKeyIsRefused() async throws {
    try await AlpineSample.with { sample in
      let base = try await sample.locked(.base)
      var source = sample.source
      source.keys = []
      try await expectProgramFailure("UNTRUSTED signature", "mirror_keys") {
        _ = try await LinuxOrigins(sample.data).packages(for: [.base], from: source)
      }
      try await expectProgramFailure("openrc-0.54-r1.apk: ", "neither the cache nor the mirror has openrc 0.54-r1") {
        try await sample.build("base", .rootfs(RootfsSource(from: source, locked: base)))
      }
      // What is in the cache is refused by the apk that installs it, even where it was told that it knows the key.
      try await sample.buildBase(base)
      try await expectProgramFailure("openrc-0.54-r1.apk: ", "neither the cache nor the mirror has openrc 0.54-r1") {
        try await sample.build("other", .rootfs(RootfsSource(from: source, locked: base)))
      }
      let records = PackageCache(of: source, in: sample.data, digests: nil).records
      try await Program("cp", ["-aT", sample.records.string, records.string]).run("tell wrongly")
      try await expectProgramFailure("UNTRUSTED signature") {
        try await sample.build("other", .rootfs(RootfsSource(from: source, locked: base)))
      }
    }
  }

  @Test func aKeyThatChangedSinceThePlanIsRefused() async throws {
    try await AlpineSample.with { sample in
      let base = try await sample.locked(.base)
      try sample.spoil(sample.mirror.key)
      let cause = HostError.Cause.malformed("key tests@meros.rsa.pub", "changed since it was planned")
      await #expect(throws: HostError("build rootfs base", cause)) { try await sample.buildBase(base) }
    }
  }

  @Test func whatWasNotLookedUpIsNotBuilt() async throws {
    try await AlpineSample.with { sample in
      let cause = HostError.Cause.missing("the lock of the packages of alpine-3.20-x86_64")
      await #expect(throws: HostError("build rootfs base", cause)) {
        try await sample.build("base", .rootfs(RootfsSource(from: sample.source)))
      }
    }
  }

  /// `release.asc`, by a key that was made for it.
  @Test func aMinirootfsIsSignedWithTheKeyThatWasGiven() async throws {
    try await AlpineSample.with { sample in
      let script = #"""
        export GNUPGHOME="$1"
        gpg --batch --quiet --passphrase '' --quick-gen-key tests default default never
        gpg --batch --armor --export tests >"$1/release.asc"
        gpg --batch --armor --output "$2.asc" --detach-sign "$2"
        gpgconf --kill gpg-agent
        """#
      let home = sample.folder.appending("gnupg")
      try home.makeFolders()
      let minirootfs = sample.mirror.minirootfs
      try await Program("sh", ["-euc", script, "sh", home.string, minirootfs.string]).run("sign")
      let key = home.appending("release.asc")
      var source = sample.source
      source.keys.append(MirrorKey(path: key.string, digest: try FileDigest.of(key)))
      let origins = LinuxOrigins(sample.data)
      #expect(try await origins.packages(for: [.kernel], from: source).count == 1)
      // The signature is kept, too.
      let kept = sample.data.cache.appending("minirootfs")
      let signature = try #require(try kept.folderEntries().first { $0.string.hasSuffix(".tar.gz.asc") })
      try sample.spoil(kept.appending(signature))
      await #expect(throws: HostError.self) { _ = try await origins.packages(for: [.kernel], from: source) }
    }
  }

  @Test func aMirrorThatNeverAnsweredIsNamed() async throws {
    try await AlpineSample.with { sample in
      var source = sample.source
      source.mirror = "http://127.0.0.1:1"
      let url = "http://127.0.0.1:1/v3.20/releases/x86_64/alpine-minirootfs-3.20.3-x86_64.tar.gz"
      await #expect(throws: HostError("look up packages of alpine-3.20-x86_64", .unreachable(url))) {
        _ = try await LinuxOrigins(sample.data).packages(for: [.base], from: source)
      }
    }
  }
}
