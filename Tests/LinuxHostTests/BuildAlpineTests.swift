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
