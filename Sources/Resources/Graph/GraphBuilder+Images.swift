import Diagnostics
import Host
import Manifest
import Network
import Reconcile

extension GraphBuilder {
  /// Kernel, root file system and image of a VM, as far as it has them.
  mutating func bootChain(of machine: VirtualMachineSpec) -> BootChain {
    let source = packageSource(of: machine)
    var chain = BootChain(boot: loader(of: machine))
    let kernel = kernel(of: machine, from: source)
    var loaded: Image.Loaded?
    if let kernel {
      let commandLine = machine.commandLine?.value ?? ""
      chain.shared.append(kernel)
      if let firmware = machine.boot.flatMap({ Firmware($0.value) }) {
        chain.boot = .loader(firmware)
        loaded = Image.Loaded(
          by: firmware, kernel: kernel, commandLine: commandLine,
          obstacle: inputs.obstacle(toLoadersFor: machine.arch.value.rawValue, by: firmware))
      } else {
        chain.boot = .kernel(entry: kernel.name, commandLine: commandLine)
      }
    }
    if let source, let distribution = machine.root.distribution {
      checkPackages(of: machine, distribution)
      let inputs = inputs
      let layers = builds.rootfs(
        from: source, packages: machine.packages.map(\.value), locked: inputs.lockedLayers(of: machine, distribution),
        inputs.obstacle(toBuildsFor: source.arch))
      chain.shared.append(contentsOf: layers)
      if let rootfs = layers.last {
        let image = image(of: machine, on: rootfs, loaded)
        chain.shared.append(image)
        chain.image = image
      }
    } else if case .image(let path) = machine.root, let image = image(of: machine, patching: path) {
      chain.shared.append(image)
      chain.image = image
    }
    return chain
  }

  /// Its packages are there.
  private mutating func checkPackages(of machine: VirtualMachineSpec, _ distribution: DistributionSpec) {
    for group in machine.rootGroups(of: distribution) { checkPackages(group, of: machine) }
  }

  /// Likewise, of a group that was asked for at this place; nil: at the places of its names.
  mutating func checkPackages(_ group: PackageGroup?, of machine: VirtualMachineSpec, at place: SourceLocation? = nil) {
    guard let group, let answer = inputs.unanswered[group] else { return }
    let source = "\(group.distribution.rawValue) \(group.release)"
    let remedy =
      if group.selection == .kernel {
        "write kernel: with one from elsewhere, for example of debian"
      } else {
        "mend the name; a package of another archive needs that in sources"
      }
    switch answer {
    case .unknown(let names):
      for name in names {
        diagnostics.error(
          "\(source) has no package \(name)",
          at: place ?? machine.packages.first { $0.value == name }?.location ?? machine.name.location, remedy: remedy)
      }
    case .lost(let packages):
      for package in packages {
        diagnostics.error(
          "these packages come onto \(package.name) \(package.version) of \(source), which constellation.lock holds and"
            + " neither the cache nor the mirror has",
          at: place ?? machine.packages.first?.location ?? machine.name.location,
          remedy: "--update takes what the mirror has now")
      }
    // What is lost is told at its line of the lock file.
    case .packages, .lostMinirootfs: break
    }
  }

  /// How a VM starts for which QEMU loads no kernel.
  private func loader(of machine: VirtualMachineSpec) -> MachineDesign.Boot {
    switch machine.boot?.value {
    case .efi: .efi
    case .bios, .kernel: .bios
    case nil: .image
    }
  }

  /// nil for a VM that is not built from packages.
  mutating func packageSource(of machine: VirtualMachineSpec) -> PackageSource? {
    guard let distribution = machine.root.distribution else { return nil }
    return packageSource(distribution, arch: machine.arch.value)
  }

  mutating func packageSource(
    _ distribution: DistributionSpec, arch: VirtualMachineSpec.Architecture
  ) -> PackageSource {
    if distribution.distribution.value == .alpine, distribution.mirror == nil {
      diagnostics.error(
        "distribution: alpine needs a mirror", at: distribution.distribution.location,
        remedy: "write mirror: with the address that has the branches (v3.20) below it")
    }
    let keys = distribution.keys.compactMap { key -> MirrorKey? in
      if let digest = inputs.files[key.value] ?? nil {
        return MirrorKey(path: inputs.resolve(key.value), digest: digest)
      }
      diagnostics.error(
        "there is no key \(key.value)", at: key.location,
        remedy: "paths are relative to the constellation's directory, \(inputs.directory)")
      return nil
    }
    let name = distribution.movingName(arch: arch)
    if let name, inputs.unknown.contains(name) {
      diagnostics.error(
        "the mirror has no minirootfs of \(distribution.release.value) for \(arch.rawValue)",
        at: distribution.release.location,
        remedy: "write a branch or a version that lies below \(distribution.mirror?.value ?? "the mirror")")
    }
    return PackageSource(
      distribution: distribution.distribution.value.rawValue, release: distribution.release.value, arch: arch.rawValue,
      mirror: distribution.mirror?.value, components: distribution.components.map(\.value),
      sources: distribution.sources.map(\.value), keys: keys, minirootfs: name.flatMap { inputs.lock[$0.key] })
  }

  private mutating func image(
    of machine: VirtualMachineSpec, on rootfs: Rootfs, _ loaded: Image.Loaded?
  ) -> Image {
    let room: ImageSource.Room = machine.diskSize.map { .total($0.value) } ?? .free(machine.buildFree.value)
    return builds.image(
      of: rootfs, layers: layers(of: machine), hooks: hooks(of: machine), hooksReachNetwork: machine.hooksReachNetwork,
      room: room, loaded: loaded)
  }

  private mutating func image(of machine: VirtualMachineSpec, patching path: Located<String>) -> Image? {
    guard let digest = inputs.files[path.value] ?? nil else {
      diagnostics.error(
        "there is no image \(path.value)", at: path.location,
        remedy: "paths are relative to the constellation's directory, \(inputs.directory)")
      return nil
    }
    if let locked = inputs.lock[MovingName.image(path: path.value).key], locked != digest {
      diagnostics.error(
        "\(path.value) is another image than the one that constellation.lock holds", at: path.location,
        remedy: "take this one with meros apply --update, or put back the one with SHA-256 \(locked)")
    }
    return builds.image(
      patching: inputs.resolve(path.value), digest: digest, arch: machine.arch.value.rawValue,
      layers: layers(of: machine), hooks: hooks(of: machine), hooksReachNetwork: machine.hooksReachNetwork,
      size: machine.diskSize?.value, inputs.obstacle(toBuildsFor: machine.arch.value.rawValue))
  }

  /// What is common to all VMs, then the VM's own over it.
  private static func folders(of machine: VirtualMachineSpec) -> [String] { ["common", machine.name.value] }

  private func layers(of machine: VirtualMachineSpec) -> [Image.Layer] {
    Self.folders(of: machine).flatMap { folder in
      Inputs.includesFolders.compactMap { name in
        inputs.trees["\(folder)/\(name)"].map { Image.Layer(path: inputs.resolve("\(folder)/\(name)"), tree: $0) }
      }
    }
  }

  private func hooks(of machine: VirtualMachineSpec) -> [Image.Hook] {
    Self.folders(of: machine).flatMap { folder in
      inputs.hooks.filter { $0.key.hasPrefix("\(folder)/hooks/") }.sorted { $0.key < $1.key }
        .map { Image.Hook(path: inputs.resolve($0.key), digest: $0.value) }
    }
  }
}

extension Firmware {
  /// nil where QEMU loads the kernel.
  fileprivate init?(_ boot: VirtualMachineSpec.Boot) {
    switch boot {
    case .kernel: return nil
    case .bios: self = .bios
    case .efi: self = .efi
    }
  }
}
