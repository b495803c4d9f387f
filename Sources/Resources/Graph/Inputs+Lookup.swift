import Host
import Manifest

extension Inputs {
  mutating func lookUp(
    _ names: [MovingName], _ lookup: Lookup, from lock: LockFile, on host: Host
  ) async throws(HostError) {
    for name in names {
      self.lock[name.key] = lock[name.key]
      guard lookup == .all || lookup == .missing && lock[name.key] == nil else { continue }
      self.lock[name.key] = try await meaning(of: name, on: host)
      if self.lock[name.key] == nil { unknown.insert(name) }
    }
  }

  /// nil where it stands for nothing.
  private func meaning(of name: MovingName, on host: Host) async throws(HostError) -> String? {
    switch name {
    case .commit(let repository, let ref):
      try await host.origins.commit(of: ref, in: isAddress(repository) ? repository : resolve(repository))
    case .minirootfs(let mirror, let release, let arch):
      try await host.origins.minirootfs(of: release, arch: arch, on: mirror)
    case .image(let path): try await host.inputs.file(resolve(path))
    }
  }

  /// A URL, or `host:path` as ssh has it, in which the colon stands before any slash; else it is a path.
  func isAddress(_ repository: String) -> Bool { repository.prefix { $0 != "/" }.contains(":") }
}
