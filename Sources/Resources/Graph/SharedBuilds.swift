import Host
import Network
import Reconcile

/// What VMs that are built alike share, made once: a fingerprint takes longer than all the rest of a VM.
struct SharedBuilds {
  private var kernels: [PackageSource: Kernel] = [:]
  private var gitKernels: [GitKernelSource: Kernel] = [:]
  private var rootfs: [RootfsSource: [Rootfs]] = [:]
  private var images: [ImageSource: Image] = [:]
  private var patches: [PatchSource: Image] = [:]

  /// The same source has the same packages; likewise below.
  /// - Parameter obstacle: why programs of the architecture do not run here; likewise below.
  mutating func kernel(
    from source: PackageSource, locked: @autoclosure () -> [LockedPackage]?, _ obstacle: Change.Obstacle?
  ) -> Kernel {
    if let known = kernels[source] { return known }
    let kernel = Kernel(from: source, locked: locked(), obstacle: obstacle)
    kernels[source] = kernel
    return kernel
  }

  mutating func kernel(git source: GitKernelSource) -> Kernel {
    if let known = gitKernels[source] { return known }
    let kernel = Kernel(git: source)
    gitKernels[source] = kernel
    return kernel
  }

  /// The layers, the base first; never empty.
  mutating func rootfs(
    from source: PackageSource, packages: [String], locked: @autoclosure () -> Rootfs.LockedLayers,
    _ obstacle: Change.Obstacle?
  ) -> [Rootfs] {
    let key = RootfsSource(from: source, packages: packages)
    if let known = rootfs[key] { return known }
    let made = Rootfs.layers(from: source, packages: packages, locked: locked(), obstacle: obstacle)
    rootfs[key] = made
    return made
  }

  /// Layers and hooks of one path are the same ones.
  mutating func image(
    of rootfs: Rootfs, layers: [Image.Layer], hooks: [Image.Hook], hooksReachNetwork: Bool, room: ImageSource.Room,
    loaded: Image.Loaded?
  ) -> Image {
    let key = ImageSource(
      rootfs: rootfs.name, arch: rootfs.arch, includes: layers.map(\.path), hooks: hooks.map(\.path),
      hooksReachNetwork: hooksReachNetwork, room: room,
      loaded: loaded?.source)
    if let known = images[key] { return known }
    let image = Image(
      of: rootfs, layers: layers, hooks: hooks, hooksReachNetwork: hooksReachNetwork, room: room, loaded: loaded)
    images[key] = image
    return image
  }

  /// Likewise; a path has one digest.
  mutating func image(
    patching path: String, digest: String, arch: String, layers: [Image.Layer], hooks: [Image.Hook],
    hooksReachNetwork: Bool, size: ByteCount?, _ obstacle: Change.Obstacle?
  ) -> Image {
    let key = PatchSource(
      base: path, arch: arch, includes: layers.map(\.path), hooks: hooks.map(\.path),
      hooksReachNetwork: hooksReachNetwork,
      size: size)
    if let known = patches[key] { return known }
    let image = Image(
      patching: path, digest: digest, arch: arch, layers: layers, hooks: hooks, hooksReachNetwork: hooksReachNetwork,
      size: size, obstacle: obstacle)
    patches[key] = image
    return image
  }
}
