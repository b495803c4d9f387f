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
}
