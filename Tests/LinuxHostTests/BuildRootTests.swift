import Glibc
import Host
import SystemPackage
import Testing

@testable import LinuxHost

/// Which of a disk image's file systems is taken for the root.
@Suite(.enabled(if: geteuid() == 0, "building needs root"))
struct BuildRootTests {
  /// Makes a raw image of `SmallDisk`, and behind its root, in a partition with this number, an ext4 file system that
  /// holds what the commands put into its folder.
  private func makeDisk(_ path: FilePath, _ table: SmallDisk.Table, further number: Int, _ more: String) async throws {
    try await SmallDisk.make(path, table: table)
    let script = #"""
      truncate -s 96M "$1"
      if [ "$2" = gpt ]; then sfdisk --quiet --relocate gpt-bak-std "$1"; fi
      echo "$3 : start=65MiB, size=24MiB, type=$4" | sfdisk --quiet --append "$1"
      mkdir "$1.tree"
      ( cd "$1.tree"; eval "$5" )
      mke2fs -q -t ext4 -E "offset=$((65 << 20))" -d "$1.tree" "$1" 24m
      rm -r "$1.tree"
      """#
    let type = table == .gpt ? "L" : "83"
    try await Program("sh", ["-euc", script, "sh", path.string, table.rawValue, "\(number)", type, more]).run("add")
  }

  @Test(arguments: [
    (SmallDisk.Table.dos, 3, "mkdir -p alice"), (.gpt, 16, "mkdir grub; echo x >vmlinuz"),
  ])
  func fileSystemsBehindTheRootAreLookedIntoAndLeftAlone(
    table: SmallDisk.Table, number: Int, more: String
  ) async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.raw")
      try await makeDisk(base, table, further: number, more)
      let hook = folder.appending("0100-a.chroot")
      try hook.write("#!/bin/sh\ncat /etc/motd >/etc/seen\n")
      let said = try await refusal(data, try .patch("patched", base, hooks: [hook]))
      #expect(said == nil, "\(said ?? "")")
      #expect(try await data.debugfs("patched", at: SmallDisk.offset, "cat /etc/seen") == "base\n")
      let raw = data.root.appending("patched.raw")
      for offset in [SmallDisk.offset, 65 << 20] {
        try await Program("e2fsck", ["-fn", "\(raw)?offset=\(offset)"]).run("check")
      }
    }
  }

  @Test func twoRootsAreNamed() async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.raw")
      try await makeDisk(base, .dos, further: 3, "mkdir etc sbin; echo x >sbin/init")
      let said = try await refusal(data, try .patch("patched", base))
      #expect(
        said?.hasSuffix("partition 2 and partition 3 both hold a root file system") == true, "\(said ?? "")")
    }
  }

  @Test(arguments: [
    (4, "is damaged"), (8, "cannot be checked: e2fsck ended with 8"), (127, "cannot be checked: e2fsck ended with 127"),
  ])
  func onlyErrorsThatAreLeftAreDamage(code: Int, what: String) async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.raw")
      try await SmallDisk.make(base, table: .none)
      let programs = folder.appending("programs")
      try programs.appending("e2fsck").write("#!/bin/sh\necho the reason\nexit \(code)\n", mode: 0o755)
      let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
      let error = await #expect(throws: HostError.self) {
        try await findRoot(in: base, path: "\(programs):\(path)", folder, data)
      }
      let words = "the reason\nthe file system of the whole disk \(what)"
      #expect(error?.lastWords.hasSuffix(words) == true, "\(error?.lastWords ?? "")")
    }
  }

  /// Has a program that ends so stand for qemu-img.
  private static func instead(_ end: String) -> String {
    """
    mkdir "$WORK/programs"
    printf '#!/bin/sh\\necho the reason\\n\(end)\\n' >"$WORK/programs/qemu-img"
    chmod 755 "$WORK/programs/qemu-img"
    PATH="$WORK/programs:$PATH"
    """
  }

  /// What is said of a whole image where `before` went before.
  private func words(copying base: FilePath, _ folder: FilePath, _ data: DataDirectory, before: String) async throws
    -> String?
  {
    let place = folder.appending("place")
    try place.makeFolders()
    let builder = Builder(
      data: data, folder: place, attempted: "copy", log: folder.appending("log"), progress: .silent)
    let script = Builder.hookScript + Builder.diskScript + before + "\n" + Builder.patchScript
    let variables = [
      "BASE": base.string, "FORMAT": "qcow2", "TOTAL": "0", "ARCHIVES": "", "FSCK": "-fp", "NETWORK": "",
      "ARCH": machineArchitecture,
    ]
    do {
      try await builder.run(script, variables)
      return nil
    } catch {
      return error.lastWords
    }
  }

  @Test(arguments: [
    (#"mount -t tmpfs -o size=1m none "$OUT""#, "there is no room for a copy of BASE in the store"),
    (instead("exit 127"), "qemu-img cannot be run"),
    (instead("exit 1"), "the reason\nBASE cannot be checked: qemu-img ended with 1"),
    (instead("exit 2"), "the reason\nBASE is damaged"),
    (instead("[ $1 = check ]"), "the reason\nBASE cannot be copied"),
  ])
  func onlyWhatIsBadIsCalledDamaged(before: String, what: String) async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.qcow2")
      try await SmallDisk.make(base, "dd if=/dev/urandom of=much bs=1M count=8")
      let said = try await words(copying: base, folder, data, before: before)
      #expect(said?.hasSuffix(what.replacing("BASE", with: "\(base)")) == true, "\(said ?? "")")
    }
  }

  @Test(arguments: [
    ("267", "sbin/init", "aarch64"), ("363", "bin/sh", "riscv64"), ("076", "bin/sh", "x86_64"), ("025", "bin/sh", nil),
  ])
  func anImageOfAnotherArchitectureIsRefused(machine: String, program: String, own: String?) async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.raw")
      // As images have it, behind an absolute link; nothing of the host's is looked at.
      try await SmallDisk.make(
        base,
        #"""
        rm bin/busybox sbin/init bin/sh
        mkdir -p usr/lib
        ln -s /usr/lib/program \#(program)
        printf '\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\\#(machine)\0' >usr/lib/program
        echo x >etc/os-release
        """#)
      let said = try await refusal(data, try .patch("patched", base))
      guard let own, own != machineArchitecture else {
        #expect(said == nil)
        return
      }
      let words = "\(base) is for \(own), and the machine is one of \(machineArchitecture): "
      #expect(said?.contains(words) == true, "\(said ?? "")")
    }
  }

  @Test func whatIsNoProgramTellsNoArchitecture() async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.raw")
      try await SmallDisk.make(
        base,
        "rm bin/* sbin/init; echo '#!/bin/sh' >bin/sh; ln -s /nowhere sbin/init; mkdir bin/busybox; echo x >etc/os-release"
      )
      #expect(try await refusal(data, try .patch("patched", base)) == nil)
    }
  }
}
