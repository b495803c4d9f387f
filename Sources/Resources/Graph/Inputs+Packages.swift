import Host
package import Manifest

extension Inputs {
  /// Looks up what packages are needed: of each source what stands on nothing first, and on that the layers.
  /// - Parameter renewed: other names that were looked up just now; what stands on one of them is looked up too.
  mutating func lookUpPackages(
    _ groups: [PackageGroup], _ lookup: Lookup, besides renewed: Set<MovingName>, on host: Host
  ) async throws(HostError) {
    guard lookup != .none else { return }
    var wanted = groups.filter { group in
      group.isLooked(up: group.minirootfs.map(renewed.contains) ?? false ? .all : lookup, lock)
    }
    // What comes to a base that is another now.
    let anew = Set(wanted.filter { $0.selection == .base })
    wanted += groups.filter { !wanted.contains($0) && anew.contains($0.base) && $0.isLayer }
    for isLayer in [false, true] {
      let stage = wanted.filter { $0.isLayer == isLayer }
      let sources = [PackageGroup: [PackageGroup]](grouping: stage, by: \.base)
      for (base, groups) in sources.sorted(by: { $0.key.name < $1.key.name }) {
        try await lookUp(groups, of: base, strictly: lookup == .all, on: host)
      }
    }
  }

  private mutating func lookUp(
    _ groups: [PackageGroup], of base: PackageGroup, strictly isStrict: Bool, on host: Host
  ) async throws(HostError) {
    // Without a key or a minirootfs nothing can be asked, nor without what it would come onto; that is told elsewhere.
    guard let source = source(of: base), !groups.contains(where: \.isLayer) || unanswered[base] == nil else { return }
    let names = groups.map(\.name).joined(separator: ", ")
    host.progress.report(Progress.Report("looking up packages: \(names)"))
    let known = lock.packages(of: base) ?? []
    let answers = try await host.origins.packages(
      for: groups.map { $0.wish(onto: known) }, from: source, strictly: isStrict)
    for (group, answer) in zip(groups, answers) {
      switch answer {
      case .packages(let packages):
        if let strange = packages.first(where: { !LockFile.accepts($0.locked, of: $0.name) }) {
          let what = "\(strange.name) \(strange.locked) is no package"
          throw HostError("look up packages: \(group.name)", .malformed("what the mirror says", what))
        }
        lock.set(packages, for: group)
      case .unknown, .lost, .lostMinirootfs: unanswered[group] = answer
      }
    }
  }

  /// What was locked to begin with and cannot be had any more, in the order of the names: nobody was asked for packages
  /// that come onto it.
  package var lostMinirootfs: [LockFile.Key] {
    Set(unanswered.filter { $0.value == .lostMinirootfs }.compactMap { $0.key.minirootfs?.key })
      .sorted { $0.name < $1.name }
  }

  /// What the packages of each layer of the VM's root file system are locked to.
  func lockedLayers(of machine: VirtualMachineSpec, _ distribution: DistributionSpec) -> Rootfs.LockedLayers {
    let groups = machine.rootGroups(of: distribution)
    return Rootfs.LockedLayers(
      base: lockedPackages(groups.first), added: groups.count > 1 ? lockedPackages(groups.last) : nil)
  }

  /// nil where nothing is known of them.
  func lockedPackages(_ group: PackageGroup?) -> [LockedPackage]? { group.flatMap { lock.packages(of: $0) } }

  /// nil where one of its keys is not there, or what it begins with is not known.
  private func source(of group: PackageGroup) -> PackageSource? {
    let keys = group.keys.compactMap { path -> MirrorKey? in
      (files[path] ?? nil).map { MirrorKey(path: resolve(path), digest: $0) }
    }
    let minirootfs = group.minirootfs.map { lock[$0.key] }
    guard keys.count == group.keys.count, minirootfs != .some(nil) else { return nil }
    return PackageSource(
      distribution: group.distribution.rawValue, release: group.release, arch: group.arch.rawValue,
      mirror: group.mirror, components: group.components, sources: group.sources, keys: keys,
      minirootfs: minirootfs ?? nil)
  }
}

extension PackageGroup {
  /// What root file systems of the same source begin with.
  fileprivate var base: PackageGroup {
    var base = self
    base.selection = .base
    return base
  }

  /// More than there is in the base.
  fileprivate var isLayer: Bool {
    guard case .added(let packages) = selection else { return false }
    return Rootfs.isLayer(packages, of: distribution.rawValue)
  }

  fileprivate func isLooked(up lookup: Lookup, _ lock: LockFile) -> Bool {
    // What is in the base is no layer.
    if case .added = selection, !isLayer { return false }
    guard lookup != .all, let known = lock.packages(of: self) else { return true }
    guard selection == .base else { return false }
    // Another version of meros may need more.
    let names = Set(known.map(\.name))
    return !BuilderSchema.basePackages(of: distribution.rawValue).allSatisfy(names.contains)
  }

  fileprivate func wish(onto base: [LockedPackage]) -> PackageWish {
    switch selection {
    case .base: .base
    case .added(let packages): .added(packages, onto: base)
    case .kernel: .kernel
    }
  }
}

extension LockFile {
  /// In the order of their names; nil where it does not know.
  func packages(of group: PackageGroup) -> [LockedPackage]? {
    self[packages: MovingName.packages(group).key].map { packages in
      packages.sorted { $0.key < $1.key }.compactMap { LockedPackage(name: $0.key, locked: $0.value) }
    }
  }

  mutating func set(_ packages: [LockedPackage], for group: PackageGroup) {
    let values = [String: String](packages.map { ($0.name, $0.locked) }) { first, _ in first }
    // What comes onto something may be in there already; what stands on nothing is nothing that is known.
    self[packages: MovingName.packages(group).key] = values.isEmpty && !group.isLayer ? nil : values
  }
}
