import Glibc
import Host
import Network
import SystemPackage
import Testing

@testable import LinuxHost

@Suite(.enabled(if: geteuid() == 0, "building needs root"))
struct BuildImageTests {
  @Test func twoBuildsInTwoPlacesUnderTwoUmasksAreBitIdentical() async throws {
    var digests: [String] = []
    for mode: UInt16 in [0o644, 0o600] {
      try await withTemporaryFolder { folder in
        let data = try DataDirectory.open(folder.appending("data-\(mode)"), create: true)
        try await data.addBusyboxRootfs()
        // In a git work tree modes count as git has them.
        try folder.appending(".git").makeFolders()
        let includes = folder.appending("includes")
        for name in ["etc/motd", "etc/issue", "srv/b", "srv/a"] {
          try includes.pushing(FilePath(name)).write("hello\n", mode: mode)
        }
        let hook = folder.appending("0100-x.chroot")
        try hook.write("#!/bin/sh\ndate >/tmp/x; echo made >/etc/made; mkdir /etc/d; echo $$ >/var/log/hook\n")
        try await LinuxStore(data).build(try .image("same", of: "busybox", includes: [includes], hooks: [hook]))
        digests.append(try #require(try await LinuxStore(data).entries().first { $0.kind == .image }).digest)
        #expect(try await data.debugfs("same", "stat /etc/motd").contains("Mode:  0644"))
      }
    }
    #expect(digests[0] == digests[1])
  }

  @Test func whatIsClearedAtTheEndIsKnownBeforehand() async throws {
    let names = [
      "tmp/a", "tmp/b/c", "var/tmp/a", "run/a", "var/log/a", "var/log/b/c", "etc/machine-id",
      "etc/ssh/ssh_host_rsa_key", "etc/ssh/ssh_host_rsa_key.pub", "var/lib/apt/lists/a", "var/cache/apt/archives/a",
      "var/cache/apt/a.bin", "var/cache/apk/a", "var/cache/ldconfig/aux-cache", "var/cache/debconf/a-old",
      "var/lib/dpkg/a-old", "etc/ssh/sshd_config", "etc/motd", "srv/tmp/a", "var/lib/a", "var/cache/apt/b",
      "var/lib/dbus/machine-id",
    ]
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      try await data.addBusyboxRootfs()
      let includes = folder.appending("includes")
      for name in names { try includes.pushing(FilePath(name)).write("hello") }
      try await LinuxStore(data).build(try .image("cleared", of: "busybox", includes: [includes]))
      for name in names {
        let isThere = try await data.debugfs("cleared", "cat /\(name)") == "hello"
        #expect(isThere == (ClearedFile(name, isPatched: false) == nil), "\(name)")
      }
    }
  }

  @Test func filesKeepModesLinksAndOddNames() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      try await data.addBusyboxRootfs()
      let includes = folder.appending("includes")
      try includes.pushing("usr/bin/tool").write("#!/bin/sh\n", mode: 0o4711)
      try includes.pushing("etc/with space\tand\\more").write("odd")
      let long = String(repeating: "long", count: 40)
      try includes.pushing(FilePath("srv/\(long)/\(long)")).write("deep")
      for (target, name) in [("../nowhere", "relative"), ("/etc/made", "absolute"), (long, "far")] {
        try await Program("ln", ["-s", target, includes.appending(name).string]).run("link")
      }
      let empty = folder.appending("own")
      try empty.pushing("etc/motd").write("the later wins", mode: 0o640)
      try includes.pushing("etc/motd").write("the earlier")
      try await LinuxStore(data).build(try .image("files", of: "busybox", includes: [includes, empty]))

      #expect(try await data.debugfs("files", "stat /usr/bin/tool").contains("Mode:  04711"))
      #expect(try await data.debugfs("files", "cat \"/etc/with space\tand\\more\"") == "odd")
      #expect(try await data.debugfs("files", "cat /srv/\(long)/\(long)") == "deep")
      #expect(try await data.debugfs("files", "cat /etc/motd") == "the later wins")
      #expect(try await data.debugfs("files", "stat /etc/motd").contains("Mode:  0640"))
      #expect(try await data.debugfs("files", "stat /relative").contains("Fast link dest: \"../nowhere\""))
      #expect(try await data.debugfs("files", "stat /absolute").contains("Fast link dest: \"/etc/made\""))
      #expect(try await data.debugfs("files", "stat /far").contains("Type: symlink"))
      #expect(try await data.debugfs("files", "stat /etc/motd").contains("User:     0   Group:     0"))
      #expect(try await data.debugfs("files", "ls /").contains(".meros") == false)
      try await Program("e2fsck", ["-fn", data.root.appending("files.raw").string]).run("check")
    }
  }

  @Test func tenThousandFilesComeInAsTheyAre() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      try await data.addBusyboxRootfs()
      let includes = folder.appending("includes")
      for number in 0..<10_000 {
        let mode: UInt16 = [0o644, 0o600, 0o4755, 0o1444][number % 4]
        let place = includes.appending("srv/\(number / 1000)/a file \(number)")
        try place.removingLastComponent().makeFolders(mode: 0o755)
        let file = try FileDescriptor.open(
          place, .writeOnly, options: [.create, .closeOnExec], permissions: [.ownerReadWrite])
        try file.closeAfter { _ = try file.writeAll(Array("\(number)\n".utf8)) }
        _ = unsafe place.withPlatformString { unsafe chmod($0, mode_t(mode)) }
      }
      try await LinuxStore(data).build(try .image("many", of: "busybox", includes: [includes]))
      let facts = try await data.debugfs("many", "show_super_stats -h")
      #expect(facts.number(after: "Inode count:") - facts.number(after: "Free inodes:") > 10_000)
      let samples = [(0, "0644"), (1, "0600"), (5002, "04755"), (9999, "01444")]
      for (number, mode) in samples {
        let path = "\"/srv/\(number / 1000)/a file \(number)\""
        #expect(try await data.debugfs("many", "cat \(path)") == "\(number)\n")
        #expect(try await data.debugfs("many", "stat \(path)").contains("Mode:  \(mode)"))
      }
      try await Program("e2fsck", ["-fn", data.root.appending("many.raw").string]).run("check")
    }
  }

  @Test func aLinkInPlaceOfAFolderLeadsNowhere() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      try await data.addBusyboxRootfs()
      let (evil, more) = (folder.appending("evil"), folder.appending("more"))
      try evil.makeFolders()
      try await Program("ln", ["-s", "/", evil.appending("etc").string]).run("link")
      try await Program("ln", ["-s", "../../../../../../..", evil.appending("up").string]).run("link")
      let name = "meros-escaped-\(UInt64.random(in: 0 ... .max))"
      try more.appending("etc/\(name)").write("no")
      try more.appending("up/\(name)").write("no")
      // A link may not take the place of a folder with something in it: either way nothing leaves the image.
      try? await LinuxStore(data).build(try .image("evil", of: "busybox", includes: [evil, more]))
      for place in ["/", "/etc", "/tmp", folder.string, data.root.string] {
        #expect(!FilePath(place).appending(name).exists)
      }
    }
  }

  @Test func foldersOfTheImageKeepTheirModesWhereGitHasNone() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      try await data.addBusyboxRootfs { tree in
        for (name, mode) in [("root", mode_t(0o700)), ("tmp", 0o1777), ("etc", 0o755)] {
          _ = unsafe tree.appending(name).withPlatformString { unsafe chmod($0, mode) }
        }
      }
      try folder.appending(".git").makeFolders()
      let includes = folder.appending("includes")
      try includes.pushing("root/.ssh/config").write("x")
      try includes.pushing("tmp/x").write("x")
      try includes.pushing("etc/new/x").write("x")
      try await LinuxStore(data).build(try .image("modes", of: "busybox", includes: [includes]))
      for (name, mode) in [("root", "0700"), ("tmp", "01777"), ("etc", "0755"), ("etc/new", "0755")] {
        #expect(try await data.debugfs("modes", "stat /\(name)").contains("Mode:  \(mode)"))
      }
    }
  }

  @Test func foldersOfTheImageKeepTheirModesAndOwnersElsewhereToo() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      try await data.addBusyboxRootfs { tree in
        for (name, mode) in [("root", mode_t(0o700)), ("tmp", 0o1777), ("a b\nc", 0o2750), ("etc", 0o755)] {
          try tree.appending(name).makeFolders()
          _ = unsafe tree.appending(name).withPlatformString { unsafe chown($0, 7, 8) }
          _ = unsafe tree.appending(name).withPlatformString { unsafe chmod($0, mode) }
        }
        _ = unsafe tree.appending("link").withPlatformString { unsafe symlink("/tmp", $0) }
      }
      let (common, own) = (folder.appending("common"), folder.appending("own"))
      for name in ["root/.profile", "link/x", "a b\nc/x", "new/x"] { try common.pushing(FilePath(name)).write("x") }
      for name in ["etc/x", "tmp/x", "new/y"] { try own.pushing(FilePath(name)).write("x") }
      for place in [common, own] {
        try await Program("find", [place.string, "-type", "d", "-exec", "chmod", "751", "{}", "+"]).run("set modes")
      }
      try await Program("chmod", ["711", own.appending("new").string]).run("set mode")
      try await LinuxStore(data).build(try .image("modes", of: "busybox", includes: [common, own]))
      for (name, mode) in [("root", "0700"), ("tmp", "01777"), ("\"/a b\nc\"", "02750"), ("etc", "0755")] {
        let place = name.hasPrefix("\"") ? name : "/\(name)"
        let facts = try await data.debugfs("modes", "stat \(place)")
        #expect(facts.contains("Mode:  \(mode)") && facts.contains("User:     7   Group:     8"), "\(facts)")
      }
      #expect(try await data.debugfs("modes", "stat /new").contains("Mode:  0711"))
      #expect(try await data.debugfs("modes", "cat /new/x") == "x")
    }
  }

  @Test func nothingIsWrittenOutsideThroughALink() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      let outside = folder.appending("outside")
      try outside.makeFolders()
      try await data.addBusyboxRootfs { tree in
        _ = unsafe outside.withPlatformString { to in
          unsafe tree.pushing("usr/lib/out").withPlatformString { unsafe symlink(to, $0) }
        }
        _ = unsafe tree.pushing("usr/up").withPlatformString { unsafe symlink("../../../../../../..", $0) }
      }
      let includes = folder.appending("includes")
      try includes.pushing("usr/up/etc/escaped").write("no")
      try includes.appending("fine").write("yes")
      try await LinuxStore(data).build(try .image("links", of: "busybox", includes: [includes]))
      #expect(try outside.folderEntries().isEmpty)
      #expect(!FilePath("/etc/escaped").exists)
      #expect(try await data.debugfs("links", "cat /etc/escaped") == "no")
      #expect(try await data.debugfs("links", "cat /fine") == "yes")
    }
  }

  @Test func roomIsFreeBeyondTheTreeOrTheWhole() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      try await data.addBusyboxRootfs()
      let size = ByteCount(bytes: 256 << 20)
      try await LinuxStore(data).build(try .image("total", of: "busybox", room: .total(size)))
      try await LinuxStore(data).build(try .image("free", of: "busybox", room: .free(size)))
      let total = try await data.debugfs("total", "show_super_stats -h")
      #expect(total.number(after: "Block count:") * total.number(after: "Block size:") == Int(size.bytes))
      let free = try await data.debugfs("free", "show_super_stats -h")
      let left = free.number(after: "Free blocks:") - free.number(after: "Reserved block count:")
      #expect(left * free.number(after: "Block size:") >= Int(size.bytes))
    }
  }

  @Test func aTreeThatDoesNotFitIsAnError() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      try await data.addBusyboxRootfs()
      let recipe = try Recipe.image("small", of: "busybox", room: .total(ByteCount(bytes: 2 << 20)))
      let error = await #expect(throws: HostError.self) { try await LinuxStore(data).build(recipe) }
      guard case .program(let failure) = error?.cause else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(failure.lastLines.contains { $0.contains("does not fit into a file system of 2 MiB") })
      #expect(try data.store.folderEntries().allSatisfy { !$0.string.hasPrefix(".tmp-") })
    }
  }
}

extension String {
  /// The first number behind the text.
  func number(after text: String) -> Int {
    guard let range = firstRange(of: text) else { return -1 }
    return self[range.upperBound...].split(separator: "\n").first.flatMap { Int($0.drop { $0 == " " }) } ?? -1
  }
}
