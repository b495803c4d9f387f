import Diagnostics
package import Host
package import Manifest

/// What a graph is made from besides the manifest: what stands beside it, and what the machine can do.
package struct Inputs: Equatable, Sendable {
  /// The constellation's directory, absolute.
  package var directory: String
  /// The digests of what each `includes.chroot` that exists holds, by its path relative to the directory.
  package var trees: [String: [String: String]]
  /// Of these, where there are such: the files that fewer may read where they lie than in an image.
  package var withheld: [String: [String]] = [:]
  /// What lies in the directory and is not taken as it seems to be meant.
  package var strays: [Stray] = []
  /// The digest of each hook, by its path relative to the directory.
  package var hooks: [String: String]
  /// The digest of each kernel, disk image and mirror's key, by its path as it was written; nil for one that does not
  /// exist.
  package var files: [String: String?]
  /// What each kernel in a file is for, by its path as it was written, where its first bytes say it.
  package var kernelArchitectures: [String: VirtualMachineSpec.Architecture] = [:]
  /// Those of them that are no kernels.
  package var noKernels: Set<String> = []
  /// What runs guests of an architecture, by its name.
  package var accelerators: [String: Accelerated]
  /// What each fragment of a kernel's configuration holds, by its path as it was written; nil for one that does not
  /// exist.
  package var fragments: [String: [UInt8]?] = [:]
  /// What this machine lacks for an architecture, by its name.
  package var emulations: [String: Emulation] = [:]
  /// What compiles kernels of an architecture, by its name; only where one is compiled.
  package var toolchains: [String: Toolchain] = [:]
  /// The controllers of cgroup v2 that this machine offers; nil: nobody looked, since nothing is limited.
  package var controllers: Set<String>?
  /// What moving names of the manifest stand for, and nothing else: what the lock file is to hold. A name that was not
  /// looked up is not in it.
  package var lock = LockFile()
  /// Names that were looked up and stand for nothing.
  package var unknown: Set<MovingName> = []
  /// What was said of packages that were looked up and cannot be had.
  package var unanswered: [PackageGroup: PackageAnswer] = [:]

  /// An accelerator, and why it is not KVM.
  package struct Accelerated: Equatable, Sendable {
    package var accelerator: Accelerator
    /// nil for KVM.
    package var reason: String?

    package init(_ accelerator: Accelerator, reason: String? = nil) {
      self.accelerator = accelerator
      self.reason = reason
    }
  }

  package init(
    directory: String, trees: [String: [String: String]] = [:], hooks: [String: String] = [:],
    files: [String: String?] = [:], accelerators: [String: Accelerated] = [:]
  ) {
    self.directory = directory
    self.trees = trees
    self.hooks = hooks
    self.files = files
    self.accelerators = accelerators
  }
}

extension Inputs {
  /// Reads what the manifest needs: files of every VM that is built, kernels, keys, accelerators; and looks names up.
  /// - Parameters:
  ///   - written: the manifest as it was written, where `manifest` is another: the lock file is about that one alone.
  ///   - arch: kernels alone are wanted: those that no VM boots for this architecture. nil: all is.
  ///   - startsMachines: false: no VM is to be started, so nothing is tried out that would run it.
  package init(
    for manifest: Manifest, writtenAs written: Manifest? = nil, in directory: String, lock: LockFile = LockFile(),
    lookingUp lookup: Lookup = .missing, kernelsFor arch: String? = nil, startsMachines: Bool = true, on host: Host
  ) async throws(HostError) {
    self.init(directory: directory)
    for path in Self.files(of: manifest) { files[path] = try await host.inputs.file(resolve(path)) }
    let lockable = (written ?? manifest).movingNames
    for name in lockable { self.lock.take(name.key, from: lock) }
    let names = written == nil ? nil : Set(manifest.movingNames)
    let wanted = lockable.filter { (arch == nil || $0.isOfKernels) && names?.contains($0) ?? true }
    try await lookUp(wanted, lookup, on: host)
    try await readFolders(of: manifest, on: host)
    for path in Self.kernelFiles(of: manifest) {
      let start = try await host.inputs.beginning(of: resolve(path), count: KernelImage.beginning)
      kernelArchitectures[path] = start.flatMap(KernelImage.architecture)
      if let start, !KernelImage.mayBeKernel(start) { noKernels.insert(path) }
    }
    if manifest.kernels.contains(where: \.source.isGit) {
      for path in Self.fragments(of: manifest) { fragments[path] = try await host.inputs.contents(of: resolve(path)) }
      for arch in Set(manifest.virtualMachines.map(\.arch.value.rawValue) + [arch ?? "x86_64"]).sorted() {
        toolchains[arch] = try await host.toolchains.toolchain(for: arch)
      }
    }
    if manifest.virtualMachines.contains(where: { $0.limits != nil }) {
      controllers = try await host.limits.controllers()
    }
    for arch in Set(manifest.virtualMachines.map(\.arch.value.rawValue)).sorted() {
      emulations[arch] = await host.emulators.emulation(of: arch)
      guard startsMachines else { continue }
      let (accelerator, reason) = await host.machines.accelerator(arch: arch)
      accelerators[arch] = Accelerated(accelerator, reason: reason)
    }
  }

  /// As it is written today, and as older documents spell it.
  package static let includesFolders = ["includes.chroot", "includes.choot"]

  /// A path of the manifest as an absolute one.
  package func resolve(_ path: String) -> String { path.hasPrefix("/") ? path : "\(directory)/\(path)" }

  private static func fragments(of manifest: Manifest) -> Set<String> {
    Set(
      manifest.kernels.flatMap { kernel -> [String] in
        guard case .git(_, _, let config) = kernel.source else { return [] }
        return config.map(\.value)
      })
  }

  private static func kernelFiles(of manifest: Manifest) -> Set<String> {
    var paths: Set<String> = []
    for kernel in manifest.kernels { if case .file(let path) = kernel.source { paths.insert(path.value) } }
    for machine in manifest.virtualMachines { if case .file(let path) = machine.kernel?.value { paths.insert(path) } }
    return paths
  }

  private static func files(of manifest: Manifest) -> Set<String> {
    var paths = kernelFiles(of: manifest)
    for kernel in manifest.kernels {
      switch kernel.source {
      case .distribution(let other): paths.formUnion((other?.keys ?? []).map(\.value))
      case .file, .git: break
      }
    }
    for machine in manifest.virtualMachines {
      switch machine.root {
      case .built(let distribution): paths.formUnion(distribution.keys.map(\.value))
      case .image(let path): paths.insert(path.value)
      case .own: break
      }
    }
    return paths
  }
}
