package import Host
package import Network
package import Reconcile

/// A disk image in the store: a root file system, or somebody's disk image, the files laid over it, and what hooks did.
package struct Image: BuiltResource {
  package static let storeKind = StoreKind.image
  package let recipe: Recipe
  package let dependencies: Set<ResourceAddress>
  package let obstacle: Change.Obstacle?

  /// Files that are laid over the root file system.
  package struct Layer: Hashable, Sendable {
    /// The folder's absolute path.
    package var path: String
    /// The digest of each entry by its path in the folder.
    package var tree: [String: String]

    package init(path: String, tree: [String: String]) {
      self.path = path
      self.tree = tree
    }
  }

  /// A program that runs in the image.
  package struct Hook: Hashable, Sendable {
    /// Absolute.
    package var path: String
    /// Of its content.
    package var digest: String

    package init(path: String, digest: String) {
      self.path = path
      self.digest = digest
    }

    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  }

  /// What its loader boots in an image.
  package struct Loaded: Sendable {
    package var firmware: Firmware
    package var kernel: Kernel
    /// Appended to the kernel's.
    package var commandLine: String
    /// Why it cannot be made here.
    package var obstacle: Change.Obstacle?

    package init(by firmware: Firmware, kernel: Kernel, commandLine: String, obstacle: Change.Obstacle? = nil) {
      self.firmware = firmware
      self.kernel = kernel
      self.commandLine = commandLine
      self.obstacle = obstacle
    }

    /// As the builder is told of it.
    package var source: ImageSource.Loaded {
      ImageSource.Loaded(by: firmware, kernel: kernel.name, commandLine: commandLine)
    }
  }

  /// Of `layers` the later goes over the earlier. Hooks run in the order of their names; of two with the same name the
  /// later is taken.
  /// - Parameter loaded: nil where QEMU loads a kernel.
  package init(
    of rootfs: Rootfs, layers: [Layer], hooks: [Hook], hooksReachNetwork: Bool, room: ImageSource.Room,
    loaded: Loaded? = nil
  ) {
    // Made of it, programs of the architecture have to run only for hooks.
    obstacle = loaded?.obstacle ?? (hooks.isEmpty ? nil : rootfs.obstacle)
    let sorted = Self.sorted(hooks)
    var inputs = rootfs.recipe.inputs.merging(Self.inputs(layers, sorted, hooksReachNetwork)) { _, own in own }
    inputs["image builder"] = "\(BuilderSchema.image)"
    switch room {
    case .free(let room): inputs["build_free_mb"] = "\(room)"
    case .total(let size): inputs["disk_size"] = "\(size)"
    }
    var hidden = Self.hidden(layers)
    hidden["rootfs"] = rootfs.recipe.fingerprint.text
    if let loaded {
      inputs["boot"] = loaded.firmware.rawValue
      inputs["kernel"] = loaded.kernel.name
      inputs["cmdline"] = loaded.commandLine
      inputs["image builder"] = "\(BuilderSchema.image) with \(loaded.firmware.builder)"
      hidden["kernel"] = loaded.kernel.recipe.fingerprint.text
    }
    let source = ImageSource(
      rootfs: rootfs.name, arch: rootfs.arch, includes: layers.map(\.path), hooks: sorted.map(\.path),
      hooksReachNetwork: hooksReachNetwork, room: room,
      loaded: loaded?.source)
    recipe = Recipe(label: rootfs.label, inputs: inputs, hidden: hidden, source: .image(source))
    dependencies = Set([rootfs.address] + (loaded.map { [$0.kernel.address] } ?? []))
  }

  /// The disk image at this absolute path, of the digest, with layers and hooks as above; `size` as in `PatchSource`.
  /// - Parameter obstacle: why programs of the architecture do not run here.
  package init(
    patching path: String, digest: String, arch: String, layers: [Layer], hooks: [Hook], hooksReachNetwork: Bool,
    size: ByteCount?, obstacle: Change.Obstacle? = nil
  ) {
    self.obstacle = hooks.isEmpty ? nil : obstacle
    let sorted = Self.sorted(hooks)
    var inputs = Self.inputs(layers, sorted, hooksReachNetwork)
    inputs[Recipe.baseInput] = digest
    inputs["image builder"] = "patch \(BuilderSchema.patch)"
    if let size { inputs["disk_size"] = "\(size)" }
    // Entries of the usual one have the names that they always had.
    if arch != "x86_64" { inputs["arch"] = arch }
    let source = PatchSource(
      base: path, arch: arch, includes: layers.map(\.path), hooks: sorted.map(\.path),
      hooksReachNetwork: hooksReachNetwork,
      size: size)
    recipe = Recipe(
      label: Recipe.label(ofFile: path, else: "image"), inputs: inputs, hidden: Self.hidden(layers),
      source: .patch(source))
    dependencies = []
  }

  private static func sorted(_ hooks: [Hook]) -> [Hook] {
    [String: Hook](hooks.map { ($0.name, $0) }) { _, later in later }.sorted { $0.key < $1.key }.map(\.value)
  }

  private static func inputs(_ layers: [Layer], _ hooks: [Hook], _ hooksReachNetwork: Bool) -> [String: String] {
    var inputs: [String: String] = [:]
    if !hooks.isEmpty { inputs["hooks_network"] = hooksReachNetwork ? "yes" : "no" }
    for (path, digest) in layers.flatMap(\.tree) { inputs[Recipe.input(file: path)] = digest }
    for hook in hooks { inputs[Recipe.input(hook: hook.name)] = hook.digest }
    return inputs
  }

  /// Which layer a file is in matters where a link of one leads what another writes.
  private static func hidden(_ layers: [Layer]) -> [String: String] {
    var hidden: [String: String] = [:]
    for (index, layer) in layers.enumerated() { hidden["layer \(index)"] = Fingerprint(of: layer.tree).text }
    return hidden
  }
}

extension Firmware {
  /// What puts loaders for it into images.
  fileprivate var builder: String {
    switch self {
    case .efi: "loader \(BuilderSchema.loader)"
    case .bios: "loader for BIOS \(BuilderSchema.biosLoader)"
    }
  }
}
