import Diagnostics
import Host
import Manifest
import Reconcile

extension GraphBuilder {
  /// The kernel that QEMU loads, or the loader that meros puts into the image; nil where the disk brings its own.
  mutating func kernel(of machine: VirtualMachineSpec, from source: PackageSource?) -> Kernel? {
    guard machine.boot?.value == .kernel || machine.root.isBuilt else { return nil }
    switch machine.kernel?.value {
    case .file(let path):
      return kernel(file: Located(path, at: machine.kernel?.location ?? machine.name.location), for: machine)
    case .named(let name):
      guard let spec = manifest.kernel(named: name) else { return nil }
      switch spec.source {
      case .file(let path): return kernel(file: path, for: machine)
      case .distribution(let other?):
        return packagedKernel(packageSource(other, arch: machine.arch.value), other, of: machine)
      case .distribution(nil):
        if source == nil {
          diagnostics.error(
            "kernel \(name) is that of the machine's own distribution, and it has none",
            at: machine.kernel?.location ?? machine.name.location,
            remedy: "write distribution: debian with the kernel, or leave kernel out to boot what is on the disk")
        }
        return packagedKernel(of: machine, from: source)
      case .git: return kernel(git: spec, arch: machine.arch.value.rawValue)
      }
    case nil: return packagedKernel(of: machine, from: source)
    }
  }

  /// That of its own distribution; nil where it has none.
  private mutating func packagedKernel(of machine: VirtualMachineSpec, from source: PackageSource?) -> Kernel? {
    guard let source, let distribution = machine.root.distribution else { return nil }
    return packagedKernel(source, distribution, of: machine)
  }

  private mutating func packagedKernel(
    _ source: PackageSource, _ distribution: DistributionSpec, of machine: VirtualMachineSpec
  ) -> Kernel {
    let group = distribution.group(.kernel, arch: machine.arch.value)
    checkPackages(group, of: machine, at: machine.kernel?.location ?? machine.name.location)
    let inputs = inputs
    return builds.kernel(
      from: source, locked: inputs.lockedPackages(group),
      inputs.obstacle(toBuildsFor: source.arch))
  }

  /// All kernels of the manifest, also those from git that no VM boots: these for the architecture `arch`.
  mutating func kernels(arch: String) -> [Kernel] {
    checkOrigins()
    var found: [ResourceAddress: Kernel] = [:]
    var booted: Set<String> = []
    for machine in manifest.virtualMachines {
      if case .named(let name) = machine.kernel?.value { booted.insert(name) }
      if let kernel = kernel(of: machine, from: packageSource(of: machine)) { found[kernel.address] = kernel }
    }
    for spec in manifest.kernels where !booted.contains(spec.name.value) {
      if let kernel = kernel(git: spec, arch: arch) { found[kernel.address] = kernel }
    }
    return found.sorted { $0.key < $1.key }.map(\.value)
  }

  private mutating func kernel(file: Located<String>, for machine: VirtualMachineSpec) -> Kernel? {
    let arch = machine.arch.value
    guard let digest = inputs.files[file.value] ?? nil else {
      missing("kernel", file)
      return nil
    }
    if inputs.noKernels.contains(file.value) {
      diagnostics.error(
        "\(file.value) is no kernel", at: file.location,
        remedy: "name a bzImage, or for aarch64 and riscv64 an Image, as it is or compressed by gzip")
    }
    if let own = inputs.kernelArchitectures[file.value], own != arch {
      diagnostics.error(
        "the kernel \(file.value) is for \(own.rawValue), and \(machine.name.value) is a machine of \(arch.rawValue)",
        at: file.location, remedy: "write arch: \(own.rawValue), or name a kernel for \(arch.rawValue)")
    }
    return Kernel(file: inputs.resolve(file.value), digest: digest, arch: arch.rawValue)
  }

  private mutating func missing(_ what: String, _ file: Located<String>) {
    diagnostics.error(
      "there is no \(what) \(file.value)", at: file.location,
      remedy: "paths are relative to the constellation's directory, \(inputs.directory)")
  }

  /// nil for one from elsewhere, and where a file is missing.
  private mutating func kernel(git spec: KernelSpec, arch: String) -> Kernel? {
    guard case .git(let url, let ref, let config) = spec.source else { return nil }
    var lines: [KernelConfiguration.Line] = []
    for path in config {
      guard let bytes = inputs.fragments[path.value] ?? nil else {
        missing("fragment", path)
        return nil
      }
      lines += ConfigurationFragment.lines(bytes, file: beside(path.value), place: path.value, &diagnostics)
    }
    let repository = url?.value ?? KernelSpec.usualRepository
    let commit = spec.source.movingName.map { inputs.lock[$0.key] ?? "not looked up" } ?? ref.value
    return builds.kernel(
      git: GitKernelSource(
        repository: inputs.isAddress(repository) ? repository : inputs.resolve(repository), ref: ref.value,
        commit: commit, arch: arch, configuration: KernelConfiguration(lines),
        toolchain: inputs.toolchains[arch] ?? Toolchain(compiler: nil, linker: nil)))
  }
}
