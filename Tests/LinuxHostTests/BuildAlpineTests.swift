import Glibc
import Host
import HostTesting
import SystemPackage
import Testing

@testable import LinuxHost

/// The real minirootfs and its apk, with small packages.
@Suite(.enabled(if: AlpineMirror.isAvailable, "needs root and ../shared/alpine"))
struct BuildAlpineTests {
  /// A mirror, a store, and what they have in common.
  private struct Sample {
    let mirror: AlpineMirror
    let data: DataDirectory

    var source: PackageSource {
      get throws {
        let key = MirrorKey(path: mirror.key.string, digest: try FileDigest.of(mirror.key))
        return PackageSource(
          distribution: "alpine", release: "3.20", arch: "x86_64", mirror: mirror.url, components: ["main"],
          keys: [key])
      }
    }

    func build(_ name: String, _ source: RootfsSource, rebuild: Bool = false) async throws {
      let recipe = try #require(Recipe.test(name, .rootfs(source)))
      try await LinuxStore(data).build(recipe, rebuild: rebuild, progress: .silent)
    }

    func digest(_ name: String) async throws -> String? {
      try await LinuxStore(data).entries().first { $0.name == name }?.digest
    }

    func names(_ entry: String) async throws -> Set<String> {
      let list = Program(
        "tar", ["-tf", data.entry(.rootfs, entry).appending("rootfs.tar").string], capturesOutput: true)
      return Set(
        String(decoding: try await list.run("list").output, as: UTF8.self).split(separator: "\n").map(String.init))
    }

    func text(_ entry: String, _ path: String) async throws -> String {
      let archive = data.entry(.rootfs, entry).appending("rootfs.tar").string
      let read = Program("tar", ["-xOf", archive, path], capturesOutput: true)
      return String(decoding: try await read.run("read").output, as: UTF8.self)
    }
  }

  private func with(_ body: (Sample) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      try await AlpineMirror.with(in: folder.appending("mirror")) { mirror in
        try await body(Sample(mirror: mirror, data: data))
      }
      #expect(try data.store.folderEntries().allSatisfy { !$0.string.hasPrefix(".tmp-") })
    }
  }

  /// Flips a bit in the middle of the file.
  private func spoil(_ file: FilePath) throws {
    var bytes = try file.contents()
    bytes[bytes.count / 2] ^= 1
    try file.replaceContents(bytes, permissions: [.ownerReadWrite, .otherRead])
  }

  @Test func aBaseBootsByOpenrcAndLetsSSHIn() async throws {
    try await with { sample in
      try await sample.build("base", RootfsSource(from: sample.source))
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

  @Test func packagesGoOnTheBaseAndTheSameComesOutAgainAndWithoutTheMirror() async throws {
    try await with { sample in
      try await sample.build("base", RootfsSource(from: sample.source))
      let layer = RootfsSource(from: try sample.source, base: "base", packages: ["hello"])
      try await sample.build("hello", layer)
      #expect(try await sample.names("hello").isSuperset(of: ["./usr/bin/hello", "./sbin/openrc"]))
      #expect(try await sample.text("hello", "./etc/libhello") == "made\n")
      let first = try await [sample.digest("base"), sample.digest("hello")]

      // With what the lock file holds, nobody need be asked.
      var source = try sample.source
      let origins = LinuxOrigins(sample.data)
      source.minirootfs = try await origins.minirootfs(of: "3.20", arch: "x86_64", on: sample.mirror.url)
      #expect(source.minirootfs?.hasPrefix("3.20.3 sha512:") == true)
      sample.mirror.stop()
      try await sample.build("base", RootfsSource(from: source), rebuild: true)
      let pinned = RootfsSource(from: source, base: "base", packages: ["hello"])
      try await sample.build("hello", pinned, rebuild: true)
      #expect(try await [sample.digest("base"), sample.digest("hello")] == first)
    }
  }

  @Test func aChangedByteOfTheMinirootfsIsRefused() async throws {
    try await with { sample in
      try spoil(sample.mirror.minirootfs)
      do {
        try await sample.build("base", RootfsSource(from: sample.source))
        Issue.record("it was taken")
      } catch let error as HostError {
        guard case .untrusted(let what, let why) = error.cause else { throw error }
        #expect(what.hasSuffix("/alpine-minirootfs-3.20.3-x86_64.tar.gz"))
        #expect(why.hasPrefix("its sha256 is "))
      }
      #expect(
        try !sample.data.cache.appending("minirootfs").folderEntries().contains { $0.string.hasSuffix(".tar.gz") })
    }
  }

  @Test func anotherMinirootfsThanTheLockFileHoldsIsRefused() async throws {
    try await with { sample in
      var source = try sample.source
      source.minirootfs = "3.20.3 sha256:\(String(repeating: "0", count: 64))"
      do {
        try await sample.build("base", RootfsSource(from: source))
        Issue.record("it was taken")
      } catch let error as HostError {
        guard case .untrusted = error.cause else { throw error }
      }
    }
  }

  @Test func aChangedByteOfAPackageIsRefused() async throws {
    try await with { sample in
      try await sample.build("base", RootfsSource(from: sample.source))
      try spoil(sample.mirror.package("libhello-2.1-r3"))
      try await expectFailure("ERROR: libhello-2.1-r3") {
        try await sample.build("hello", RootfsSource(from: sample.source, base: "base", packages: ["hello"]))
      }
      #expect(try await sample.digest("hello") == nil)
    }
  }

  @Test func aMissingKeyIsRefused() async throws {
    try await with { sample in
      var source = try sample.source
      source.keys = []
      try await expectFailure("UNTRUSTED signature", "mirror_keys") {
        try await sample.build("base", RootfsSource(from: source))
      }
    }
  }

  @Test func aKeyThatChangedSinceThePlanIsRefused() async throws {
    try await with { sample in
      let source = try sample.source
      try spoil(sample.mirror.key)
      let cause = HostError.Cause.malformed("key tests@meros.rsa.pub", "changed since it was planned")
      await #expect(throws: HostError("build rootfs base", cause)) {
        try await sample.build("base", RootfsSource(from: source))
      }
    }
  }

  @Test func aPackageThatTheMirrorLacksIsNamed() async throws {
    try await with { sample in
      try await sample.build("base", RootfsSource(from: sample.source))
      try await expectFailure("nowhere (no such package)") {
        try await sample.build("more", RootfsSource(from: sample.source, base: "base", packages: ["nowhere"]))
      }
    }
  }

  @Test func aMirrorThatNeverAnsweredIsNamed() async throws {
    try await with { sample in
      var source = try sample.source
      source.mirror = "http://127.0.0.1:1"
      let cause = HostError.Cause.unreachable("http://127.0.0.1:1/v3.20/releases/x86_64/latest-releases.yaml")
      await #expect(throws: HostError("build rootfs base", cause)) {
        try await sample.build("base", RootfsSource(from: source))
      }
    }
  }

  /// The build fails, and says these words in its last lines.
  private func expectFailure(_ words: String..., body: () async throws -> Void) async throws {
    do {
      try await body()
      Issue.record("it was built")
    } catch let error as HostError {
      guard case .program(let failure) = error.cause else { throw error }
      for word in words {
        #expect(failure.lastLines.contains { $0.contains(word) }, "\(failure.lastLines)")
      }
    }
  }
}
