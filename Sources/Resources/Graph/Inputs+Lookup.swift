import Host
import Manifest

extension Inputs {
  /// Makes `lock`, which holds what was locked, hold what is to be looked up.
  mutating func lookUp(_ names: [MovingName], _ lookup: Lookup, on host: Host) async throws(HostError) {
    var groups: [PackageGroup] = []
    var renewed: Set<MovingName> = []
    for name in names {
      if case .packages(let group) = name {
        groups.append(group)
      } else if lookup == .all || lookup == .missing && lock[name.key] == nil {
        lock[name.key] = try await meaning(of: name, on: host)
        if lock[name.key] == nil { unknown.insert(name) }
        renewed.insert(name)
      }
    }
    // Packages of Alpine come onto the minirootfs, which so is known by now.
    try await lookUpPackages(groups, lookup, besides: renewed, on: host)
  }

  /// nil where it stands for nothing.
  private func meaning(of name: MovingName, on host: Host) async throws(HostError) -> String? {
    switch name {
    case .commit(let repository, let ref):
      try await host.origins.commit(of: ref, in: isAddress(repository) ? repository : resolve(repository))
    case .minirootfs(let mirror, let release, let arch):
      try await host.origins.minirootfs(of: release, arch: arch, on: mirror)
    case .image(let path): try await host.inputs.file(resolve(path))
    case .packages: nil
    }
  }

  /// A URL, or `host:path` as ssh has it, in which the colon stands before any slash; else it is a path.
  func isAddress(_ repository: String) -> Bool { repository.prefix { $0 != "/" }.contains(":") }
}
