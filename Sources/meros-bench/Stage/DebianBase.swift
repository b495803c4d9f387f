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

  var archive: FilePath { data.entry(.rootfs, rootfs.name).appending(StoreKind.rootfs.mainFile) }

  func layer() throws -> Image.Layer {
    Image.Layer(path: includes.string, tree: try TreeDigest(of: includes).entries)
  }
}
