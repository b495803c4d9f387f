import Host
import SystemPackage
import Testing

@testable import LinuxHost

struct TreeDigestTests {
  @Test func onlyWhatCountsChangesTheDigest() async throws {
    try await withTemporaryFolder { folder in
      let tree = folder.appending("tree")
      try tree.pushing("etc/motd").write("hello")
      try tree.pushing("usr/bin/x").write("#!", mode: 0o755)
      try await Program("ln", ["-s", "motd", tree.pushing("etc/link").string]).run("link")
      let first = try TreeDigest(of: tree)
      #expect(Set(first.entries.keys) == ["etc/", "etc/motd", "etc/link", "usr/", "usr/bin/", "usr/bin/x"])
      try await Program("touch", ["-d", "@1", tree.pushing("etc/motd").string]).run("touch")
      #expect(try TreeDigest(of: tree) == first)

      for command in ["echo >>etc/motd", "chmod 600 usr/bin/x", "ln -sfn other etc/link", "touch new", "rm new"] {
        let before = try TreeDigest(of: tree)
        try await Program("sh", ["-c", command], in: tree).run("change")
        #expect(try TreeDigest(of: tree).digest != before.digest)
      }
    }
  }

  @Test func aCloneWithAnotherUmaskIsTheSame() async throws {
    try await withTemporaryFolder { folder in
      try folder.appending(".git").makeFolders()
      for (name, mode) in [("a", UInt16(0o644)), ("b", 0o600)] {
        try folder.appending(name).pushing("etc/motd").write("hello", mode: mode)
        try folder.appending(name).pushing("etc/run").write("hello", mode: mode | 0o100)
      }
      try folder.pushing("b/empty").makeFolders()
      #expect(try TreeDigest(of: folder.appending("a")) == TreeDigest(of: folder.appending("b")))
    }
  }

  @Test(
    arguments: [
      ("chmod 600 etc/secret", ["etc/secret"]), ("chmod 400 etc/motd etc/secret", ["etc/motd", "etc/secret"]),
      ("chmod 640 etc/secret", ["etc/secret"]), ("chmod 755 etc/secret", []), ("chmod 777 etc/secret", []),
      ("chmod 700 . etc; chmod 600 etc/secret", ["etc/secret"]),
      ("chmod -R go= .", []), ("chmod -R go= etc", ["etc/motd", "etc/secret"]),
    ])
  func whatAWorkTreeWithholdsIsKnown(command: String, withheld: [String]) async throws {
    try await withTemporaryFolder { folder in
      let tree = folder.appending("tree")
      for name in ["etc/motd", "etc/secret"] { try tree.pushing(FilePath(name)).write("hello") }
      try await Program("sh", ["-c", "chmod 755 . etc; \(command)"], in: tree).run("change")
      #expect(try Tree(at: tree).withheld == [])
      try folder.appending(".git").makeFolders()
      #expect(try Tree(at: tree).withheld.map(\.string) == withheld)
      let data = try DataDirectory.open(folder.appending("data"), create: false)
      let read = try await LinuxInputFiles(cache: DigestCache(data)).tree(tree.string)
      #expect(read == InputTree(entries: try TreeDigest(of: tree).entries, withheld: withheld))
    }
  }

  @Test func oddNamesAreToldApart() async throws {
    try await withTemporaryFolder { folder in
      try await Program(
        "sh",
        ["-c", #"printf x >"$(printf 'a\nb')"; printf x >'a\x0ab'; printf x >"$(printf 'a\377')"; printf x >'ü'"#],
        in: folder
      ).run("write")
      #expect(try Set(TreeDigest(of: folder).entries.keys) == [#"a\x0ab"#, #"a\\x0ab"#, #"a\xff"#, "ü"])
    }
  }

  @Test(arguments: ["mkfifo etc/pipe", "mknod etc/pipe c 1 3"])
  func specialFilesAreRefused(command: String) async throws {
    try await withTemporaryFolder { folder in
      try folder.appending("etc").makeFolders()
      try await Program("sh", ["-c", command], in: folder).run("make")
      let place = folder.pushing("etc/pipe")
      #expect(
        throws: HostError(
          "read \(place)", .malformed("\(place)", "neither a file nor a folder nor a link"))
      ) { try TreeDigest(of: folder) }
    }
  }

  @Test func theCacheIsBelievedOnlyWhileNothingChanged() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      let file = folder.pushing("tree/file")
      try file.write("one")
      // The kernel's clock for inodes is coarse: what changed in the last seconds is not remembered.
      let cache = DigestCache(data)
      let first = try FileDigest.of(file, cache: cache)
      #expect(cache.digest(of: file) == nil)
      try await Task.sleep(for: .seconds(3.1))
      #expect(try FileDigest.of(file, cache: cache) == first)
      #expect(cache.digest(of: file) == first)
      try cache.save()
      #expect(DigestCache(data).digest(of: file) == first)
      try file.write("two")
      #expect(DigestCache(data).digest(of: file) == nil)
      try data.cache.appending("digests").write("rubbish\nmore rubbish\n")
      #expect(try FileDigest.of(file, cache: DigestCache(data)) == sha256(Array("two".utf8)))
    }
  }

  @Test func inputFilesThatAreMissingAreNil() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: false)
      let inputs = LinuxInputFiles(cache: DigestCache(data))
      try folder.pushing("hooks/b").write("x")
      try folder.pushing("hooks/a").write("x")
      #expect(try await inputs.tree("\(folder)/none") == nil)
      #expect(try await inputs.file("\(folder)/none") == nil)
      #expect(try await inputs.names(in: "\(folder)/none") == nil)
      #expect(try await inputs.names(in: "\(folder)/hooks") == ["a", "b"])
      #expect(try await inputs.tree("\(folder)/hooks")?.entries.count == 2)
    }
  }
}
