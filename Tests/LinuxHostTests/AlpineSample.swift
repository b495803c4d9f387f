import Host
import HostTesting
import SystemPackage
import Testing

@testable import LinuxHost

/// A mirror of Alpine, a data directory, and what a lock file would hold.
struct AlpineSample {
  let mirror: AlpineMirror
  let data: DataDirectory
  let source: PackageSource
  let folder: FilePath

  static func with(_ body: (AlpineSample) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      try await AlpineMirror.with(in: folder.appending("mirror")) { mirror in
        try await body(try await AlpineSample(of: mirror, data, folder))
      }
      #expect(try data.store.folderEntries().allSatisfy { !$0.string.hasPrefix(".tmp-") })
    }
  }

  private init(of mirror: AlpineMirror, _ data: DataDirectory, _ folder: FilePath) async throws {
    let key = MirrorKey(path: mirror.key.string, digest: try FileDigest.of(mirror.key))
    let minirootfs = try await LinuxOrigins(data).minirootfs(of: "3.20", arch: "x86_64", on: mirror.url)
    let source = PackageSource(
      distribution: "alpine", release: "3.20", arch: "x86_64", mirror: mirror.url, components: ["main"],
      keys: [key], minirootfs: minirootfs)
    self.init(mirror: mirror, data: data, source: source, folder: folder)
  }

  private init(mirror: AlpineMirror, data: DataDirectory, source: PackageSource, folder: FilePath) {
    self.mirror = mirror
    self.data = data
    self.source = source
    self.folder = folder
  }

  /// The same data directory, and another mirror with a key of its own, which `change` makes more unlike.
  func withAnotherMirror(
    _ change: (AlpineMirror) async throws -> Void = { _ in }, _ body: (AlpineSample) async throws -> Void
  ) async throws {
    try await AlpineMirror.with(in: folder.appending("another")) { mirror in
      try await change(mirror)
      try await body(try await AlpineSample(of: mirror, data, folder))
    }
  }

  /// Another machine with its own data directory, and with copies of these folders of this one's cache.
  func elsewhere(_ folders: String...) async throws -> AlpineSample {
    let other = try DataDirectory.open(folder.appending("elsewhere"), create: true)
    try other.cache.makeFolders()
    for name in folders {
      try await Program("cp", ["-a", data.cache.appending(name).string, other.cache.string]).run("carry over")
    }
    return AlpineSample(mirror: mirror, data: other, source: source, folder: folder)
  }

  /// `cache/apks/…`
  var apks: FilePath { cache.folder }
  /// What apk said of those in there.
  var records: FilePath { cache.records }
  private var cache: PackageCache { PackageCache(of: source, in: data, digests: nil) }

  /// The file of a package in the cache, by its name and version; nil where there is none, or more than one.
  func kept(_ name: String) throws -> FilePath? {
    let names = try apks.folderEntries().filter { $0.string.hasPrefix("\(name).") }
    return names.count == 1 ? apks.appending(names[0]) : nil
  }

  func answer(_ wish: PackageWish) async throws -> PackageAnswer? {
    try await LinuxOrigins(data).packages(for: [wish], from: source).first
  }

  func locked(_ wish: PackageWish) async throws -> [LockedPackage] {
    guard case .packages(let packages)? = try await answer(wish) else { return [] }
    return packages
  }

  func missing(_ packages: [LockedPackage]) async throws -> [String] {
    try await LinuxOrigins(data).missing(packages, from: source).map(\.name)
  }

  func build(_ name: String, _ source: Recipe.Source, rebuild: Bool = false) async throws {
    let recipe = try #require(Recipe.test(name, source))
    try await LinuxStore(data, initScript: "#!/bin/sh\n").build(recipe, rebuild: rebuild, progress: .silent)
  }

  /// Of these packages.
  func buildBase(_ locked: [LockedPackage]) async throws {
    try await build("base", .rootfs(RootfsSource(from: source, locked: locked)))
  }

  /// On the base.
  func buildLayer(_ name: String, _ packages: [String], _ locked: [LockedPackage]) async throws {
    try await build(
      name, .rootfs(RootfsSource(from: source, base: "base", packages: packages, locked: locked)))
  }

  func digest(_ name: String) async throws -> String? {
    try await LinuxStore(data).entries().first { $0.name == name }?.digest
  }

  func names(_ entry: String) async throws -> Set<String> {
    Set(try await tar(entry, "-t").split(separator: "\n").map(String.init))
  }

  func text(_ entry: String, _ path: String) async throws -> String { try await tar(entry, "-xO", path) }

  private func tar(_ entry: String, _ arguments: String...) async throws -> String {
    let archive = data.entry(.rootfs, entry).appending("rootfs.tar").string
    let read = Program("tar", arguments.prefix(1) + ["-f", archive] + arguments.dropFirst(), capturesOutput: true)
    return String(decoding: try await read.run("read").output, as: UTF8.self)
  }

  /// What apk would still do to the entry where it is told nothing new.
  func simulated(_ entry: String) async throws -> String {
    let root = folder.appending("simulated")
    let archive = data.entry(.rootfs, entry).appending("rootfs.tar").string
    try root.makeFolders()
    try await Program("tar", ["-xf", archive, "-C", root.string]).run("unpack")
    try root.appending("none").write("")
    let add = Program(
      "chroot",
      [root.string, "/sbin/apk", "add", "--simulate", "--no-network", "--repositories-file", "/none"],
      capturesOutput: true)
    let said = String(decoding: try await add.run("simulate").output, as: UTF8.self)
    try root.removeTree()
    return said
  }

  /// Flips a bit in the middle of the file.
  func spoil(_ file: FilePath) throws {
    var bytes = try file.contents()
    bytes[bytes.count / 2] ^= 1
    try file.replaceContents(bytes, permissions: [.ownerReadWrite, .otherRead])
  }
}

/// The body fails as a program does, and says these words in its last lines.
func expectProgramFailure(_ words: String..., body: () async throws -> Void) async throws {
  do {
    try await body()
    Issue.record("it did not fail")
  } catch let error as HostError {
    guard case .program(let failure) = error.cause else { throw error }
    for word in words {
      #expect(failure.lastLines.contains { $0.contains(word) }, "\(failure.lastLines)")
    }
  }
}
