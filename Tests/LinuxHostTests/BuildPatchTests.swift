import Glibc
import Host
import Network
import SystemPackage
import Testing

@testable import LinuxHost

/// Images that are made of disk images: not booted, only looked into.
@Suite(.enabled(if: geteuid() == 0, "building needs root"))
struct BuildPatchTests {
  @Test(arguments: [(SmallDisk.Table.gpt, "a.qcow2", "efi"), (.dos, "a,b.raw", "bios")])
  func filesHooksAndRoomComeInAndTheOriginalStays(
    table: SmallDisk.Table, file: String, firmware: String
  ) async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending(file)
      try await SmallDisk.make(base, table: table, "chmod 751 etc; chown 7:8 etc")
      let before = try FileDigest.of(base)
      let includes = folder.appending("includes")
      try includes.pushing("etc/motd").write("ours\n", mode: 0o640)
      let hook = folder.appending("0100-a.chroot")
      try hook.write("#!/bin/sh\ncat /etc/motd >/etc/seen; mkdir /srv; echo $$ >/srv/made\n")
      let recipe = try Recipe.patch("patched", base, includes: [includes], hooks: [hook], size: 256 << 20)
      try await LinuxStore(data).build(recipe)

      #expect(try FileDigest.of(base) == before)
      let entry = data.entry(.image, "patched")
      #expect(try entry.folderEntries().map(\.string) == ["entry.json", "firmware", "image.qcow2", "packages.json"])
      #expect(try InstalledPackage.read(in: entry) == [])
      #expect(try entry.appending("firmware").text() == "\(firmware)\n")
      #expect(try QCOW2Header.read(entry.appending("image.qcow2").string).size == 256 << 20)
      func look(_ command: String) async throws -> String {
        try await data.debugfs("patched", at: SmallDisk.offset, command)
      }
      #expect(try await look("cat /etc/motd") == "ours\n")
      #expect(try await look("cat /etc/seen") == "ours\n")
      #expect(try await look("stat /etc/motd").contains("Mode:  0640"))
      let etc = try await look("stat /etc")
      #expect(etc.contains("Mode:  0751") && etc.contains("User:     7   Group:     8"))
      #expect(try await look("stat /srv/made").contains("Type: regular"))
      #expect(try await look("stat /etc/machine-id").contains("Size: 0"))
      #expect(try await look("ls /etc/ssh").contains("ssh_host") == false)
      #expect(try await look("ls /").contains(".meros") == false)
      let facts = try await look("show_super_stats -h")
      let size = facts.number(after: "Block count:") * facts.number(after: "Block size:")
      #expect(size > 250 << 20 && size <= 253 << 20)
      let raw = data.root.appending("patched.raw")
      try await Program("e2fsck", ["-fn", "\(raw)?offset=\(SmallDisk.offset)"]).run("check")
      try await Program("sfdisk", ["--verify", raw.string]).run("check")
    }
  }

  @Test func whatIsInstalledAfterAllHooksIsListed() async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.raw")
      let old = "Package: old\\nStatus: install ok installed\\nArchitecture: all\\nVersion: 1\\n\\n"
      // Within the image, absolute links lead somewhere.
      try await SmallDisk.make(
        base, "mkdir -p var/lib/dpkg usr/apk; ln -s /usr lib; printf '\(old)' >var/lib/dpkg/status; mkdir usr/apk/db")
      let hook = folder.appending("0100-a.chroot")
      try hook.write(
        """
        #!/bin/sh -e
        printf 'Package: new\\nStatus: install ok installed\\nArchitecture: all\\nVersion: 2\\n' >>/var/lib/dpkg/status
        printf 'P:musl\\nV:1.2\\nA:x86_64\\n\\n' >/lib/apk/db/installed

        """)
      #expect(try await refusal(data, try .patch("patched", base, hooks: [hook])) == nil)
      let listed = try InstalledPackage.read(in: data.entry(.image, "patched"))
      #expect(listed?.map { "\($0.name) \($0.version)" } == ["new 2", "old 1", "musl 1.2"])
    }
  }

  @Test(arguments: ["xfs", "btrfs", "ext4"])
  func fileSystemsGrowWithTheirDisk(fileSystem: String) async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.qcow2")
      // A whole disk without a table, too.
      try await SmallDisk.make(base, table: fileSystem == "ext4" ? .none : .gpt, fileSystem: fileSystem)
      let hook = folder.appending("0100-a.chroot")
      // In MiB.
      try hook.write("#!/bin/sh -e\n[ $(($(stat -f -c %b /) * $(stat -f -c %S /) >> 20)) -gt 550 ]\n")
      let recipe = try Recipe.patch("grown", base, hooks: [hook], size: 640 << 20)
      #expect(try await refusal(data, recipe) == nil)
    }
  }

  @Test func whatCannotBeOpenedIsNamed() async throws {
    try await withPatching { (folder, data) async throws in
      let sealed = folder.appending("sealed.raw")
      try await SmallDisk.make(sealed, fileSystem: #"LUKS\0272\0276\0000\0001"#)
      let said = try await refusal(data, try .patch("sealed", sealed))
      #expect(said?.hasSuffix("partition 1 is of no known kind, partition 2 is crypto_LUKS") == true, "\(said ?? "")")
      let empty = folder.appending("empty.raw")
      try empty.replaceContents([UInt8](repeating: 0, count: 1 << 20))
      let nothing = try await refusal(data, try .patch("empty", empty))
      #expect(nothing?.hasSuffix("the whole disk is of no known kind") == true, "\(nothing ?? "")")
    }
  }

  @Test func aSmallerDiskAndOneThatHasNoRoomBehindItsRootAreRefused() async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.raw")
      try await SmallDisk.make(base, table: .dos)
      let small = try await refusal(data, try .patch("small", base, size: 32 << 20))
      #expect(small?.hasSuffix("the disk is of 64 MiB, larger than disk_size: images are only grown") == true)
      let table = Program(
        "sh", ["-c", "printf 'start=3MiB, size=20MiB, type=83\nstart=30MiB, type=82\n' | sfdisk --quiet \(base)"])
      try await table.run("divide")
      let walled = folder.appending("walled.raw")
      try await Program(
        "sh",
        [
          "-c",
          """
          truncate -s 20M \(walled).part; mkdir \(walled).tree; mkdir \(walled).tree/etc \(walled).tree/sbin
          : >\(walled).tree/sbin/init; mke2fs -q -t ext4 -d \(walled).tree \(walled).part
          cp \(base) \(walled); dd if=\(walled).part of=\(walled) bs=1M seek=3 conv=notrunc status=none
          """,
        ]
      ).run("make")
      let said = try await refusal(data, try .patch("walled", walled, size: 128 << 20))
      #expect(said?.contains("another partition lies behind it") == true, "\(said ?? "")")
    }
  }

  @Test func anImageInUseIsRefused() async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.qcow2")
      try await SmallDisk.make(base)
      let recipe = try Recipe.patch("patched", base)
      try await whileInUse(base) {
        let said = try await refusal(data, recipe)
        #expect(said?.hasSuffix("\(base) is in use: shut down what runs on it") == true, "\(said ?? "")")
      }
      #expect(try await refusal(data, recipe) == nil)
    }
  }

  @Test func aDamagedImageAndADamagedFileSystemAreRefused() async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.qcow2")
      try await SmallDisk.make(base)
      // The table that says where every cluster is.
      let break1 = "printf '\\377\\377\\377\\377' | dd of=\(base) bs=1 seek=$((3 * 65536 + 4)) conv=notrunc status=none"
      try await Program("sh", ["-c", break1]).run("damage")
      let said = try await refusal(data, try .patch("one", base))
      #expect(said?.contains("\(base) is damaged") == true, "\(said ?? "")")

      let raw = folder.appending("base.raw")
      try await SmallDisk.make(raw, table: .none)
      // The root folder itself.
      try await Program("debugfs", ["-w", "-R", "clri <2>", raw.string]).run("damage")
      let broken = try await refusal(data, try .patch("two", raw))
      #expect(broken?.hasSuffix("the file system of the whole disk is damaged") == true, "\(broken ?? "")")
    }
  }

  @Test func anImageThatNamesOtherFilesIsRefused() async throws {
    try await withPatching { (folder, data) async throws in
      let secret = folder.appending("secret.raw")
      try await SmallDisk.make(secret)
      let standing = folder.appending("standing.qcow2")
      try await Program("qemu-img", ["create", "-q", "-f", "qcow2", "-b", secret.string, "-F", "raw", standing.string])
        .run("make")
      #expect(try await refusal(data, try .patch("a", standing))?.hasPrefix("it stands on \(secret)") == true)
      let apart = folder.appending("apart.qcow2")
      try await Program(
        "qemu-img", ["create", "-q", "-f", "qcow2", "-o", "data_file=\(folder)/data.raw", apart.string, "1M"]
      ).run("make")
      #expect(try await refusal(data, try .patch("b", apart))?.hasPrefix("its data are in another file") == true)
      let other = folder.appending("other.vmdk")
      try await Program("qemu-img", ["convert", "-O", "vmdk", secret.string, other.string]).run("make")
      #expect(try await refusal(data, try .patch("c", other))?.hasPrefix("a vmdk image") == true)
    }
  }

  @Test func linksOfTheImageAndOfFilesLeadNowhere() async throws {
    try await withPatching { (folder, data) async throws in
      let outside = folder.appending("outside")
      for name in ["machine-id", "ssh_host_rsa_key", "kept"] { try outside.appending(name).write("kept") }
      let base = folder.appending("base.raw")
      try await SmallDisk.make(
        base,
        """
        ln -s \(outside) out; ln -s ../../../../../../../../..\(outside) up
        rm -r etc/ssh etc/machine-id; ln -s \(outside) etc/ssh; ln -s \(outside)/machine-id etc/machine-id
        ln -s \(outside) .meros; ln -s \(outside)/random-seed var/lib/dbus/machine-id
        """)
      let includes = folder.appending("includes")
      try includes.pushing("out/escaped").write("no")
      try includes.pushing("up/escaped").write("no")
      #expect(try await refusal(data, try .patch("links", base)) == nil)
      // In the image these links lead to where nothing is.
      _ = try await refusal(data, try .patch("more links", base, includes: [includes]))
      #expect(try outside.folderEntries().map(\.string) == ["kept", "machine-id", "ssh_host_rsa_key"])
      for name in try outside.folderEntries() { #expect(try outside.appending(name).text() == "kept") }

      let evil = folder.appending("evil")
      try evil.makeFolders()
      try await Program("ln", ["-s", "/", evil.appending("etc").string]).run("link")
      let more = folder.appending("more")
      try more.pushing("etc/escaped").write("no")
      // A link cannot take the place of a folder that is not empty; whichever way it ends, nothing leaves the image.
      _ = try await refusal(data, try .patch("evil", folder.appending("base.raw"), includes: [evil, more]))
      #expect(!FilePath("/escaped").exists && !FilePath("/etc/escaped").exists)
    }
  }

  @Test func aHookThatFillsTheDiskIsNamed() async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.raw")
      try await SmallDisk.make(base, "ln -s busybox bin/dd")
      let hook = folder.appending("0100-fill.chroot")
      try hook.write("#!/bin/sh -e\ndd if=/dev/zero of=/fill bs=1024k\n")
      let said = try await refusal(data, try .patch("filled", base, hooks: [hook]))
      #expect(said?.contains("No space left on device") == true, "\(said ?? "")")
      #expect(said?.hasSuffix("hook 0100-fill.chroot exited with 1") == true, "\(said ?? "")")
    }
  }

  @Test func aBaseThatChangedSinceItWasPlannedIsRefused() async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.raw")
      try await SmallDisk.make(base)
      let recipe = try Recipe.patch("patched", base)
      try await Program("sh", ["-c", "echo x >>\(base); truncate -s 64M \(base)"]).run("change")
      try await Program("sh", ["-c", "printf x | dd of=\(base) bs=1 seek=500 conv=notrunc status=none"]).run("change")
      #expect(try await refusal(data, recipe) == "changed since it was planned")
    }
  }

  @Test func aBuildThatIsCutOffLeavesNothing() async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.qcow2")
      try await SmallDisk.make(base)
      let before = try FileDigest.of(base)
      let hook = folder.appending("0100-a.chroot")
      try hook.write("#!/bin/sh\nsleep 3600\n")
      let recipe = try #require(try Recipe.patch("patched", base, hooks: [hook]))
      let running = Task {
        try await LinuxStore(data).build(recipe, rebuild: false, progress: .silent)
      }
      let log = data.buildLog(.image, "patched")
      while (try? log.text().contains("running hook")) != true { try await Task.sleep(for: .milliseconds(20)) }
      // Who answers for the disk must not be the one who unmounts what is on it.
      let search = Program("pgrep", ["-f", "qemu-storage-daemon.*\(folder)"], capturesOutput: true)
      let daemon = String(decoding: try await search.run("look").output, as: UTF8.self).prefix { $0 != "\n" }
      let mounts = try FilePath("/proc/\(daemon)/mountinfo").text()
      #expect(mounts.contains("/work/disk ") && !mounts.contains("/work/mounted-"))
      running.cancel()
      await #expect(throws: HostError.self) { try await running.value }
      #expect(try await LinuxStore(data).entries().isEmpty)
      #expect(try FileDigest.of(base) == before)
    }
  }
}
