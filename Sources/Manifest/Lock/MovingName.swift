import Diagnostics

/// A name in a manifest that may stand for something else tomorrow.
package enum MovingName: Hashable, Sendable {
  /// A branch or tag of a git repository; URL or path and name as they were written.
  case commit(repository: String, ref: String)
  /// What a release of Alpine begins with; mirror and release as they were written.
  case minirootfs(mirror: String, release: String, arch: String)
  /// A disk image that VMs are made of; its path as it was written.
  case image(path: String)
  /// Packages of a distribution.
  case packages(PackageGroup)

  /// A kernel may depend on it.
  package var isOfKernels: Bool {
    switch self {
    case .commit, .minirootfs: true
    case .image: false
    case .packages(let group): group.selection == .kernel
    }
  }

  /// Where the lock file keeps what it stands for.
  package var key: LockFile.Key {
    switch self {
    case .commit(let repository, let ref): LockFile.Key(.kernels, "\(repository.hidingPasswords) \(ref)")
    case .minirootfs(let mirror, let release, let arch): LockFile.Key(.minirootfs, "\(mirror) \(release) \(arch)")
    case .image(let path): LockFile.Key(.images, path)
    case .packages(let group): LockFile.Key(.packages, group.name)
    }
  }
}

extension Manifest {
  /// Every name that is to be looked up, each once, in the order of the manifest.
  package var movingNames: [MovingName] {
    var known: Set<MovingName> = []
    let all = kernels.compactMap(\.source.movingName) + virtualMachines.flatMap(\.movingNames)
    return (all + virtualMachines.flatMap(kernelNames)).filter { known.insert($0).inserted }
  }

  /// Those of the kernel that QEMU or a loader that is built loads for the VM, where that comes out of a package.
  private func kernelNames(of machine: VirtualMachineSpec) -> [MovingName] {
    guard machine.boot?.value == .kernel || machine.root.isBuilt, let distribution = kernelDistribution(of: machine)
    else { return [] }
    let arch = machine.arch.value
    let packages = distribution.group(.kernel, arch: arch).map { MovingName.packages($0) }
    return [distribution.movingName(arch: arch), packages].compactMap(\.self)
  }

  private func kernelDistribution(of machine: VirtualMachineSpec) -> DistributionSpec? {
    if case .named(let name)? = machine.kernel?.value {
      guard case .distribution(let other)? = kernel(named: name)?.source else { return nil }
      return other ?? machine.root.distribution
    }
    return machine.kernel == nil ? machine.root.distribution : nil
  }
}

extension VirtualMachineSpec {
  fileprivate var movingNames: [MovingName] {
    switch root {
    case .built(let distribution):
      [distribution.movingName(arch: arch.value)].compactMap(\.self)
        + rootGroups(of: distribution).map { .packages($0) }
    case .image(let path): [.image(path: path.value)]
    case .own: []
    }
  }
}

extension DistributionSpec {
  /// nil for what is not looked up.
  package func movingName(arch: VirtualMachineSpec.Architecture) -> MovingName? {
    group(.base, arch: arch)?.minirootfs
  }
}

extension PackageGroup {
  /// What its root file systems begin with; nil where that is nothing that is looked up.
  package var minirootfs: MovingName? {
    guard distribution == .alpine, let mirror else { return nil }
    return .minirootfs(mirror: mirror, release: release, arch: arch.rawValue)
  }
}

extension KernelSpec.Source {
  package var isGit: Bool { if case .git = self { true } else { false } }

  /// nil for what never moves.
  package var movingName: MovingName? {
    guard case .git(let url, let ref, _) = self, !isCommit(ref.value) else { return nil }
    return .commit(repository: url?.value ?? KernelSpec.usualRepository, ref: ref.value)
  }
}
