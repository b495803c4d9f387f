package import Host
import Synchronization

/// Repositories in memory, whose branches move when a test says so.
package final class MemoryOrigins: Origins {
  private let state: Mutex<State>

  private struct State {
    var commits: [String: String]
    var packages: [LockedPackage]
    var asked: [String] = []
    var wishes: [PackageWish] = []
    var sources: [PackageSource] = []

    func hasMinirootfs(of source: PackageSource) -> Bool {
      guard let mirror = source.mirror, let pinned = source.minirootfs else { return true }
      return commits["\(mirror) \(source.release) \(source.arch)"] == pinned
    }
  }

  /// - Parameters:
  ///   - commits: by "REPOSITORY REF".
  ///   - packages: what there is of every distribution; empty: nothing is known of packages.
  package init(commits: [String: String] = [:], packages: [LockedPackage] = []) {
    state = Mutex(State(commits: commits, packages: packages))
  }

  package func commit(of ref: String, in repository: String) async throws(HostError) -> String? {
    state.withLock { state in
      state.asked.append("\(repository) \(ref)")
      return state.commits["\(repository) \(ref)"]
    }
  }

  package func minirootfs(of release: String, arch: String, on mirror: String) async throws(HostError) -> String? {
    try await commit(of: "\(release) \(arch)", in: mirror)
  }

  package func hasMinirootfs(of source: PackageSource) async throws(HostError) -> Bool {
    state.withLock { $0.hasMinirootfs(of: source) }
  }

  /// A base is the packages of `BuilderSchema.basePackages`, a kernel those that begin with "linux".
  package func packages(
    for wishes: [PackageWish], from source: PackageSource, strictly isStrict: Bool
  ) async throws(HostError) -> [PackageAnswer] {
    state.withLock { state in
      state.wishes += wishes
      state.sources.append(source)
      guard state.hasMinirootfs(of: source) else { return wishes.map { _ in .lostMinirootfs } }
      return wishes.map { wish in
        switch wish {
        case .base:
          .packages(
            state.packages.filter { BuilderSchema.basePackages(of: source.distribution).contains($0.name) })
        case .kernel:
          if case let linux = state.packages.filter({ $0.name.hasPrefix("linux") }),
            !linux.isEmpty || state.packages.isEmpty
          {
            .packages(linux)
          } else {
            .unknown(["linux"])
          }
        case .added(let names, let base):
          if state.packages.isEmpty {
            .packages([])
          } else if case let lost = base.filter({ !state.packages.contains($0) }), !lost.isEmpty {
            .lost(lost)
          } else if case let unknown = names.filter({ name in !state.packages.contains { $0.name == name } }),
            !unknown.isEmpty
          {
            .unknown(unknown)
          } else {
            .packages(state.packages.filter { names.contains($0.name) && !base.contains($0) })
          }
        }
      }
    }
  }

  /// Those that there are not, in this version. Throws where what they come onto is gone.
  package func missing(
    _ packages: [LockedPackage], from source: PackageSource
  ) async throws(HostError) -> [LockedPackage] {
    let missing = state.withLock { state in
      state.hasMinirootfs(of: source) ? packages.filter { !state.packages.contains($0) } : nil
    }
    guard let missing else {
      let failure = ProgramFailure(command: ["curl"], termination: .exited(22), lastLines: [])
      throw HostError("look for packages", .program(failure))
    }
    return missing
  }

  /// The mirror has these from now on.
  package func move(to packages: [LockedPackage]) { state.withLock { $0.packages = packages } }

  /// Every wish for packages, in order.
  package var wishes: [PackageWish] { state.withLock { $0.wishes } }

  /// Every source that was asked for packages, in order.
  package var sources: [PackageSource] { state.withLock { $0.sources } }

  package func move(_ name: String, to commit: String) { state.withLock { $0.commits[name] = commit } }

  /// Every name that was asked for, in order.
  package var asked: [String] { state.withLock { $0.asked } }
}
