import Host
import LinuxHost
import Network
import Resources
import SystemPackage

/// A store with the base of Debian in it, and a file that goes into images of it.
struct DebianBase {
  let data: DataDirectory
  let store: LinuxStore
  let rootfs: Rootfs
  let locked: [LockedPackage]
  /// `includes.chroot`, with one file.
  let includes: FilePath

  static let source = PackageSource(distribution: "debian", release: "bookworm", arch: "x86_64")

  /// Downloads packages.
  static func make(on stage: Stage) async throws -> DebianBase {
    let data = try DataDirectory.open(stage.folder.appending("data"), create: true)
    let includes = stage.folder.appending("includes.chroot")
    try includes.appending("etc").makeFolders(mode: 0o755)
    try includes.pushing("etc/motd").replaceContents(Array("measured\n".utf8))
    let locked = try await locked(.base, in: data)
    let base = DebianBase(
      data: data, store: LinuxStore(data), rootfs: Rootfs(baseOf: source, locked: locked), locked: locked,
      includes: includes)
    try await base.store.build(base.rootfs.recipe, rebuild: false, progress: .silent)
    return base
  }

  /// What the mirror has for the wish.
  static func locked(_ wish: PackageWish, in data: DataDirectory) async throws -> [LockedPackage] {
    guard case .packages(let packages)? = try await LinuxOrigins(data).packages(for: [wish], from: source).first
    else { throw BenchFailure("the mirror lacks packages") }
    return packages
  }

  /// The end of a script: the tree `$1/work/root` as the file system of an image, `$4`, that is on the disk.
  static let packing = #"""
    truncate -s 1G "$1/work/raw"
    mke2fs -q -t ext4 -m 1 -L root -E root_owner=0:0,lazy_itable_init=1 -d "$1/work/root" "$1/work/raw"
    qemu-img convert -f raw -O qcow2 "$1/work/raw" "$4"
    sync "$4"
    """#

  var archive: FilePath { data.entry(.rootfs, rootfs.name).appending(StoreKind.rootfs.mainFile) }

  func layer() throws -> Image.Layer {
    Image.Layer(path: includes.string, tree: try TreeDigest(of: includes).entries)
  }
}
