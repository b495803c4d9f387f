import Host
import LinuxHost
import Network
import Resources
import SystemPackage

/// A root file system that is there, packed with one more file, beside the same done by hand.
struct PackCase: BenchCase {
  let name = "pack"
  let purpose = "an image of a known root file system against tar, mke2fs -d and qemu-img convert by hand"

  func measure(_ settings: Settings) async throws -> [Finding] {
    try await Stage.with { stage in
      let base = try await DebianBase.make(on: stage)
      let size = ByteCount(bytes: 1 << 30)
      let image = Image(
        of: base.rootfs, layers: [try base.layer()], hooks: [], hooksReachNetwork: false, room: .total(size))
      let peer = Shell(
        Self.script,
        [stage.folder.string, base.archive.string, base.includes.string, stage.folder.appending("peer.qcow2").string],
        output: stage.folder.appending("output"))
      let pairs = try await Pairs(settings.rounds ?? 7) {
        try await elapsed { try await base.store.build(image.recipe, rebuild: true, progress: .silent) }
      } theirs: {
        try await elapsed { try peer.run() }
      }
      return [pairs.finding("an image", against: "tar, mke2fs -d and qemu-img by hand", .within(1.2))]
    }
  }

  /// STAGE ARCHIVE INCLUDES RESULT: a file system of the size that meros is asked for, made in memory too.
  private static let script = #"""
    mkdir -p "$1/work"
    mount -t tmpfs -o mode=0755 floor "$1/work"
    mkdir "$1/work/root"
    tar -x -p --numeric-owner --xattrs --xattrs-include='*' -f "$2" -C "$1/work/root"
    cp -a "$3/." "$1/work/root"

    """# + DebianBase.packing
}
