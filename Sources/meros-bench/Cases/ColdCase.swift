import Host
import LinuxHost
import Network
import Resources
import SystemPackage

/// An image of Debian where nothing is there, no package either, beside the same done by hand. Downloads packages.
struct ColdCase: BenchCase {
  let name = "cold"
  let purpose = "an image of Debian from nothing against mmdebstrap, mke2fs -d and qemu-img convert by hand"

  func measure(_ settings: Settings) async throws -> [Finding] {
    try await Stage.with { stage in
      let place = stage.folder.appending("cold")
      let result = stage.folder.appending("peer.qcow2")
      let packages = BuilderSchema.basePackages(of: DebianBase.source.distribution)
      let peer = Shell(
        Self.script,
        [stage.folder.string, packages.joined(separator: ","), DebianBase.source.release, result.string],
        output: stage.folder.appending("output"))
      let pairs = try await Pairs(settings.rounds ?? 3) {
        try place.removeTree()
        let data = try DataDirectory.open(place, create: true)
        let store = LinuxStore(data)
        return try await elapsed {
          let rootfs = Rootfs(baseOf: DebianBase.source, locked: try await DebianBase.locked(.base, in: data))
          let image = Image(
            of: rootfs, layers: [], hooks: [], hooksReachNetwork: false, room: .total(ByteCount(bytes: 1 << 30)))
          for recipe in [rootfs.recipe, image.recipe] {
            try await store.build(recipe, rebuild: false, progress: .silent)
          }
        }
      } theirs: {
        try await elapsed { try peer.run() }
      }
      return [pairs.finding("an image", against: "mmdebstrap, mke2fs -d and qemu-img by hand", .within(1.1))]
    }
  }

  /// STAGE PACKAGES RELEASE RESULT: the tree is never packed, and is in memory until the file system is.
  private static let script = #"""
    mkdir -p "$1/work"
    mount -t tmpfs -o mode=0755 floor "$1/work"
    mkdir "$1/work/tmp"
    TMPDIR="$1/work/tmp" mmdebstrap --mode=root --variant=apt --include="$2" --dpkgopt=force-unsafe-io \
      "$3" "$1/work/root"

    """# + DebianBase.packing
}
