import Glibc
import Host
import HostTesting
import Network
import SystemPackage
import Testing

@testable import LinuxHost

/// Images whose root is a logical volume.
@Suite(.enabled(if: geteuid() == 0 && Program("lvm").isInstalled, "needs root and lvm2"))
struct BuildVolumeTests {
  /// Where the volume is in which `SmallDisk` puts the file system, when the extents before it are of so many MiB.
  static func offset(behind mebibytes: Int, _ table: SmallDisk.Table = .gpt) -> Int {
    (table == .none ? 0 : SmallDisk.offset) + (1 + mebibytes) << 20
  }

  @Test(arguments: [(SmallDisk.Table.gpt, "a.qcow2"), (.dos, "a,b.raw"), (.none, "c d.raw"), (.logical, "e.raw")])
  func filesHooksAndRoomComeInAndTheOriginalStays(table: SmallDisk.Table, file: String) async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending(file)
      try await SmallDisk.make(base, table: table, volumes: "create swap 4; create root 30")
      let before = try FileDigest.of(base)
      let includes = folder.appending("includes")
      try includes.pushing("etc/motd").write("ours\n", mode: 0o640)
      let hook = folder.appending("0100-a.chroot")
      try hook.write("#!/bin/sh\ncat /etc/motd >/etc/seen\n")
      let recipe = try Recipe.patch("patched", base, includes: [includes], hooks: [hook], size: 256 << 20)
      #expect(try await refusal(data, recipe) == nil)

      #expect(try FileDigest.of(base) == before)
      #expect(try data.entry(.image, "patched").appending("volume").text() == "vg/root\n")
      let offset = Self.offset(behind: 4, table)
      #expect(try await data.debugfs("patched", at: offset, "cat /etc/seen") == "ours\n")
      let facts = try await data.debugfs("patched", at: offset, "show_super_stats -h")
      let size = facts.number(after: "Block count:") * facts.number(after: "Block size:")
      #expect(size > 240 << 20 && size <= 252 << 20)
      let raw = data.root.appending("patched.raw")
      try await Program("e2fsck", ["-fn", "\(raw)?offset=\(offset)"]).run("check")
      let physical = table == .none ? 0 : 3
      let volumes = try await volumes(of: raw, "show \(raw) \(physical) \(256 - physical); lvm_here vgck vg >&2")
      #expect(volumes == ["root \(size >> 20)", "swap 4"])
    }
  }

  /// The name and extents of each logical volume that there is after the commands.
  private func volumes(of disk: FilePath, _ commands: String) async throws -> [String] {
    let look = "work=$1; mkdir $work; \(commands); lvm_here lvs --noheadings -o lv_name,seg_size_pe vg; rm -r $work"
    let program = Program(
      "sh", ["-euc", LogicalVolumes.script + look, "sh", "\(disk).work"], capturesOutput: true)
    return String(decoding: try await program.run("read volumes").output, as: UTF8.self)
      .split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
  }

  @Test(arguments: ["xfs", "btrfs"])
  func fileSystemsGrowWithTheirVolume(fileSystem: String) async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.qcow2")
      try await SmallDisk.make(base, fileSystem: fileSystem, volumes: "create root 350")
      let hook = folder.appending("0100-a.chroot")
      // In MiB.
      try hook.write("#!/bin/sh -e\n[ $(($(stat -f -c %b /) * $(stat -f -c %S /) >> 20)) -gt 550 ]\n")
      #expect(try await refusal(data, try .patch("grown", base, hooks: [hook], size: 640 << 20)) == nil)
    }
  }

  @Test func aGroupOnTwoPartitionsIsReadWhole() async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.raw")
      try await SmallDisk.make(base, volumes: "create root 30; \(second)")
      #expect(try await refusal(data, try .patch("grown", base, size: 128 << 20)) == nil)
      let facts = try await data.debugfs("grown", at: Self.offset(behind: 0), "show_super_stats -h")
      #expect(facts.number(after: "Block count:") * facts.number(after: "Block size:") > 120 << 20)
    }
  }

  /// Makes the first partition a physical volume of the same group.
  private let second = #"show "$work/disk" 1 2; lvm_here vgextend vg "$device""#

  @Test(arguments: [
    ("stripes", "create root 2 --stripes 2", "volume vg/root is of type striped"),
    ("pieces", "create root 20; create b 4; lvm_here lvextend --extents +4 vg/root", "volume vg/root is in 2 pieces"),
    (
      "snapshots", "create root 20; create old 8; \(snapshot)",
      "volume vg/old is a snapshot, volume vg/root has snapshots"
    ),
    ("nothing", "create root 20", "volume vg/root is of no known kind"),
  ])
  func whatIsNotOneLinearPieceIsNamed(_ what: String, volumes: String, words: String) async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.raw")
      try await SmallDisk.make(base, fileSystem: "", volumes: what == "stripes" ? "\(second); \(volumes)" : volumes)
      let said = try await refusal(data, try .patch("refused", base))
      #expect(said?.contains("LVM2_member, \(words)") == true, "\(said ?? "")")
      #expect(said?.contains("; only linear volumes in one piece") == (what != "nothing"), "\(said ?? "")")
    }
  }

  /// LVM makes none without the kernel's device-mapper, so it is written as LVM would have.
  private static let snapshot = #"""
    lvm_here vgcfgbackup --file "$work/vg" vg
    sed '/^\tlogical_volumes/,/^\t}/ s/^\t}/snapshot0 { id = "c44Vnw-7tIB-gtyr-drpN-Kw7L-dJUf-rvzEXM" flags = [] \
    status = ["READ", "WRITE", "VISIBLE"] segment_count = 1 segment1 { start_extent = 0 extent_count = 20 \
    type = "snapshot" chunk_size = 8 origin = "root" cow_store = "old" } } }/' "$work/vg" >"$work/new"
    lvm_here vgcfgrestore --file "$work/new" vg
    """#

  @Test func aVolumeBehindTheRootIsLookedInto() async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.raw")
      try await SmallDisk.make(base, table: .none, volumes: "create root 20; create var 20")
      let further = "mke2fs -q -t ext4 -E offset=\(Self.offset(behind: 20, .none)) \(base) 20m"
      try await Program("sh", ["-euc", further]).run("make")
      let hook = folder.appending("0100-a.chroot")
      try hook.write("#!/bin/sh\ncat /etc/motd >/etc/seen\n")
      let said = try await refusal(data, try .patch("patched", base, hooks: [hook]))
      #expect(said == nil, "\(said ?? "")")
      #expect(try data.entry(.image, "patched").appending("volume").text() == "vg/root\n")
      #expect(try await data.debugfs("patched", at: Self.offset(behind: 0, .none), "cat /etc/seen") == "base\n")
    }
  }

  @Test func aVolumeWithAnotherBehindItIsNotGrown() async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.raw")
      try await SmallDisk.make(base, volumes: "create root 20; create swap 4")
      let said = try await refusal(data, try .patch("walled", base, size: 128 << 20))
      #expect(said?.hasSuffix("volume vg/root cannot be grown: volume vg/swap lies behind it") == true, "\(said ?? "")")
      #expect(try await refusal(data, try .patch("same", base)) == nil)
    }
  }

  @Test func groupsOfTheSameNameElsewhereAreNeitherSeenNorWritten() async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.raw")
      let other = folder.appending("other.raw")
      for path in [base, other] { try await SmallDisk.make(path, table: .none, volumes: "create root 30") }
      // The same image twice is the same group twice.
      let twin = folder.appending("twin.raw")
      try await Program("cp", [base.string, twin.string]).run("copy")
      let before = try [other, twin].map { try FileDigest.of($0) }
      let attach = Program(
        "sh", ["-euc", "for file; do losetup --find --show $file; done", "sh", other.string, twin.string],
        capturesOutput: true)
      let devices = String(decoding: try await attach.run("attach").output, as: UTF8.self)
      func settings() throws -> [String: String] {
        try FilePath("/etc/lvm").exists ? TreeDigest(of: "/etc/lvm").entries : [:]
      }
      let own = try settings()
      let answer = try await refusal(data, try .patch("grown", base, size: 128 << 20))
      try await Program("losetup", ["--detach"] + devices.split(separator: "\n").map(String.init)).run("detach")
      #expect(answer == nil)
      #expect(try [other, twin].map { try FileDigest.of($0) } == before)
      #expect(try settings() == own)
    }
  }

  @Test func aBuildThatIsCutOffWhileLVMLooksLeavesNothing() async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.raw")
      try await SmallDisk.make(base, table: .none, volumes: "create root 30")
      let programs = folder.appending("programs")
      let looking = folder.appending("looking")
      try programs.appending("lvm").write("#!/bin/sh\n: >\(looking)\nsleep 3600\n", mode: 0o755)
      let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
      let running = Task { try await findRoot(in: base, path: "\(programs):\(path)", folder, data) }
      while !looking.exists { try await Task.sleep(for: .milliseconds(20)) }
      let loops = try await Program("losetup", ["--list", "--noheadings"], capturesOutput: true).run("look").output
      #expect(String(decoding: loops, as: UTF8.self).contains("place/work/disk"))
      running.cancel()
      await #expect(throws: HostError.self) { try await running.value }
    }
  }

  @Test func withoutLVMItIsSaidWhatToInstall() async throws {
    try await withPatching { (folder, data) async throws in
      let base = folder.appending("base.raw")
      try await SmallDisk.make(base, table: .none, volumes: "create root 30")
      let programs = folder.appending("programs")
      try programs.makeFolders()
      let link = "for program in /usr/sbin/* /usr/bin/* /sbin/* /bin/*; do ln -sf $program $1; done; rm $1/lvm"
      try await Program("sh", ["-euc", link, "sh", programs.string]).run("link")
      let error = await #expect(throws: HostError.self) {
        try await findRoot(in: base, path: programs.string, folder, data)
      }
      guard case .program(let failure) = error?.cause else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(failure.lastLines.last?.hasSuffix("install the package lvm2") == true, "\(failure.lastLines)")
    }
  }
}
