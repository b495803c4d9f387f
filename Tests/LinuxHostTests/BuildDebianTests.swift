import Glibc
import Host
import Network
import SystemPackage
import Testing

@testable import LinuxHost

/// Real packages: a kernel, a root file system and an image, once per run.
@Suite(.enabled(if: geteuid() == 0, "building needs root"), .serialized)
struct BuildDebianTests {
  private let source = PackageSource(distribution: "debian", release: "bookworm", arch: "x86_64")

  @Test func aKernelComesWithModulesAndAnInitramfs() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("my d'ata.ko x"), create: true)
      let locked = try await data.locked(.kernel, source)
      #expect(locked.contains { $0.name == "busybox-static" })
      let recipe = try #require(Recipe.test("cloud", .kernel(.distribution(source, locked))))
      try await LinuxStore(data, initScript: "#!/bin/sh\necho here\n").build(recipe)
      let entry = data.entry(.kernel, "cloud")
      #expect(try entry.folderEntries().map(\.string) == ["entry.json", "initrd", "kernel", "modules.img"])

      let list = Program("cpio", ["-itv", "--quiet", "-F", entry.appending("initrd").string], capturesOutput: true)
      let names = String(decoding: try await list.run("list").output, as: UTF8.self)
      for name in ["init", "bin/busybox", "bin/mount -> busybox", "sbin -> bin", "kernel/drivers/block/virtio_blk.ko"] {
        #expect(names.contains(name))
      }
      let text = Program(
        "cpio", ["-i", "--quiet", "--to-stdout", "-F", entry.appending("initrd").string, "etc/meros-modules"],
        capturesOutput: true)
      let modules = String(decoding: try await text.run("read").output, as: UTF8.self).split(separator: "\n")
      let order = ["virtio_ring.ko", "virtio.ko", "virtio_pci.ko", "virtio_blk.ko", "qemu_fw_cfg.ko"].map { name in
        modules.firstIndex { $0.hasSuffix("/\(name)") }
      }
      #expect(order.compactMap(\.self) == order.compactMap(\.self).sorted() && !order.contains(nil))
      #expect(modules.allSatisfy { $0.hasPrefix("/lib/modules/") })
      try await Program("e2fsck", ["-fn", entry.appending("modules.img").string]).run("check")
    }
  }

  @Test func aKernelFileComesWithAnInitramfsAlone() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      let file = folder.appending("bzImage")
      try file.write(StandInKernel.image("a kernel"))
      var initrds: [String] = []
      for name in ["one", "two"] {
        try await LinuxStore(data).build(Recipe.test(name, .kernel(.file(file.string, arch: machineArchitecture))))
        #expect(try data.entry(.kernel, name).appending("kernel").text() == StandInKernel.image("a kernel"))
        initrds.append(try FileDigest.of(data.entry(.kernel, name).appending("initrd")))
      }
      #expect(initrds[0] == initrds[1])
    }
  }

  /// As arm64 and riscv have them.
  @Test(arguments: ["gzip", "zstd -q", "gzip alone"])
  func aKernelThatQEMUCannotUnpackIsUnpacked(_ way: String) async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      let file = folder.appending("vmlinuz")
      let program = way.split(separator: " ").first ?? ""
      try folder.appending("vmlinuz.plain").write(StandInKernel.image("a kernel"))
      // loader.c of QEMU: "MZ", "zimg" at 4, place and size of what is compressed, the method at 24.
      try await Program(
        "sh",
        [
          "-euc",
          #"""
          $1 -c <"$2.plain" >"$2.packed"
          if [ "$3" = "gzip alone" ]; then mv "$2.packed" "$2"; exit; fi
          { printf 'MZ\0\0zimg\100\0\0\0'
            printf "\\$(printf %o "$(stat -c %s "$2.packed")")\\0\\0\\0"
            printf '\0\0\0\0\0\0\0\0%s' "$1"
            head -c "$((40 - ${#1}))" /dev/zero
            cat "$2.packed"; echo and more; } >"$2"
          """#, "sh", String(program), file.string, way,
        ]
      ).run("pack")
      try await LinuxStore(data).build(
        Recipe.test("packed", .kernel(.file(file.string, arch: machineArchitecture))))
      #expect(try data.entry(.kernel, "packed").appending("kernel").text() == StandInKernel.image("a kernel"))
    }
  }

  @Test func whatIsNoKernelOfTheMachineIsRefused() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      let file = folder.appending("vmlinuz")
      let other = machineArchitecture == "aarch64" ? "riscv64" : "aarch64"
      for (content, arch, words) in [
        ("hello\n", machineArchitecture, "there is no kernel in \(file).gz"),
        (
          StandInKernel.image("a kernel"), other,
          "the kernel in \(file).gz is for \(machineArchitecture), and the machine is one of \(other)"
        ),
      ] {
        try file.write(content)
        try await Program("gzip", ["-fk", file.string]).run("pack")
        let said = try await refusal(data, .test("refused", .kernel(.file("\(file).gz", arch: arch))))
        #expect(said?.hasSuffix(words) == true, "\(said ?? "")")
      }
    }
  }

  @Test func aDebianImageIsReproducibleAndClean() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      let store = LinuxStore(data)
      let locked = try await data.locked(.base, source)
      try await store.build(Recipe.test("base", .rootfs(RootfsSource(from: source, locked: locked))))
      let base = try #require(try await store.entries().first { $0.name == "base" })
      let added = try await data.locked(.added(["jq", "less"], onto: locked), source)
      #expect(added.map(\.name) == ["jq", "less", "libjq1", "libonig5"])
      let layer = try #require(
        Recipe.test(
          "rootfs", .rootfs(RootfsSource(from: source, base: "base", packages: ["jq", "less"], locked: added))))
      try await store.build(layer)
      let once = try #require(try await store.entries().first { $0.name == "rootfs" })

      // On another machine, with what is locked and the files of packages: bit by bit the same.
      let other = try DataDirectory.open(folder.appending("other m'ächine $x,y:z"), create: true)
      try other.cache.makeFolders()
      try await Program(
        "cp", ["-a", data.cache.appending("debs").string, other.cache.appending("debs").string]
      ).run("carry the cache over")
      let there = LinuxStore(other)
      try await there.build(Recipe.test("base", .rootfs(RootfsSource(from: source, locked: locked))))
      try await there.build(layer)
      #expect(try await there.entries().first { $0.name == "base" }?.digest == base.digest)
      #expect(try await there.entries().first { $0.name == "rootfs" }?.digest == once.digest)
      // The mirror is not even asked.
      var deaf = source
      deaf.mirror = "http://127.0.0.1:9/"
      try await there.build(Recipe.test("deaf", .rootfs(RootfsSource(from: deaf, locked: locked))))
      #expect(try await LinuxOrigins(other).missing(locked + added, from: deaf).isEmpty)

      let hook = folder.appending("0100-install.chroot")
      try hook.write("#!/bin/sh -e\ndpkg --verify\nuseradd -m tester\n")
      try await store.build(try .image("one", of: "rootfs", hooks: [hook]))
      try await store.build(try .image("one", of: "rootfs", hooks: [hook]))
      #expect(try await data.debugfs("one", "stat /etc/machine-id").contains("Size: 0"))
      #expect(try await data.debugfs("one", "ls /etc/ssh").contains("ssh_host") == false)
      #expect(try await data.debugfs("one", "stat /usr/bin/jq").contains("Type: regular"))
      #expect(try await !data.debugfs("one", "ls /usr/sbin").contains("policy-rc.d"))
      #expect(try await !data.debugfs("one", "ls /etc").contains("resolv.conf"))
      let packages = try #require(try await store.packages(of: "one"))
      #expect(packages.contains { $0.name == "jq" && $0.kind == .deb && $0.architecture == "amd64" })
      #expect(packages.contains { $0.name == "libjq1" && $0.source == "jq" } && packages.count > 100)
      #expect(try await data.debugfs("one", "cat /etc/passwd").contains("tester"))
      #expect(try await data.debugfs("one", "ls /etc/apt/apt.conf.d").contains("99mmdebstrap") == false)
      let first = try #require(try await store.entries().first { $0.kind == .image })
      let image = try #require(try Recipe.image("one", of: "rootfs", hooks: [hook]))
      try await store.build(image, rebuild: true, progress: .silent)
      let second = try #require(try await store.entries().first { $0.kind == .image })
      #expect(first.digest == second.digest)
      try await Program("e2fsck", ["-fn", data.root.appending("one.raw").string]).run("check")
      #expect(try PackageCache(of: source, in: data, digests: nil).lists.folderEntries().isEmpty == false)
      #expect(try PackageCache(of: source, in: other, digests: nil).lists.folderEntries().isEmpty)
      #expect(try data.cache.pushing("debs/debian-bookworm-x86_64").folderEntries().count > 50)
    }
  }
}

extension DataDirectory {
  /// What the mirror has for the wish at the moment.
  func locked(_ wish: PackageWish, _ source: PackageSource) async throws -> [LockedPackage] {
    guard case .packages(let packages)? = try await LinuxOrigins(self).packages(for: [wish], from: source).first
    else { return [] }
    return packages
  }
}
