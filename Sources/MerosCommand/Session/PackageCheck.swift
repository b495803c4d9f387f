import Diagnostics
import Host
import Manifest
import Reconcile
import Resources
import SystemPackage

/// What the lock file holds of packages can still be had, for all that a plan would build.
struct PackageCheck {
  let host: Host
  /// Where names of files begin, as a person knows them.
  let folder: FilePath

  /// Throws, with the place of each in the lock file, those that neither the cache nor the mirror has.
  func check(_ proposals: [Proposal]) async throws(CommandFailure) {
    var faults = Diagnostics()
    for proposal in proposals {
      guard let lock = proposal.goal.lock, let before = lock.before else { continue }
      for (source, packages) in wanted(proposal) {
        // What was looked up just now is there.
        let held = packages.filter { before.holds($0) }
        if held.isEmpty { continue }
        do throws(HostError) {
          for package in try await host.origins.missing(held, from: source) {
            faults.append(try await fault(package, source, lock))
          }
        } catch { throw .host(error) }
      }
    }
    if faults.hasErrors { throw .diagnostics(faults) }
  }

  /// The packages of what is to be built, by their source.
  private func wanted(_ proposal: Proposal) -> [(PackageSource, [LockedPackage])] {
    var all: [PackageSource: Set<LockedPackage>] = [:]
    for change in proposal.plan.changes where change.change.verb != .delete {
      guard let resource = proposal.goal.graph.resources[change.address] as? any BuiltResource else { continue }
      switch resource.recipe.source {
      case .rootfs(let source): all[source.from, default: []].formUnion(source.locked ?? [])
      case .kernel(.distribution(let source, let locked)): all[source, default: []].formUnion(locked ?? [])
      case .kernel, .image, .patch: break
      }
    }
    return all.map { ($0.key, $0.value.sorted { $0.name < $1.name }) }
      .sorted { ($0.0.distribution, $0.0.release, $0.0.arch) < ($1.0.distribution, $1.0.release, $1.0.arch) }
  }

  private func fault(
    _ package: LockedPackage, _ source: PackageSource, _ lock: LockUpdate
  ) async throws(HostError) -> Diagnostic {
    let bytes = try await host.inputs.contents(of: lock.path) ?? []
    let file = FilePath(lock.path).relative(to: folder)
    return Diagnostic(
      .error,
      "\(package.name) \(package.version) of \(source.distribution) \(source.release) is neither in the cache nor on the mirror",
      at: LockFile.place(of: package.name, package.locked, in: bytes, file: file),
      remedy:
        "--update takes what the mirror has now; or put the file of that version into the cache, \(package.identity.cache)"
    )
  }
}

extension LockFile {
  /// Whatever was asked for, it came to this package too.
  fileprivate func holds(_ package: LockedPackage) -> Bool {
    keys.contains { self[packages: $0]?[package.name] == package.locked }
  }
}

extension LockedPackage.Identity {
  /// Where its files are kept, as a person finds that.
  fileprivate var cache: String {
    switch self {
    case .sha256: "data/cache/debs"
    case .apk: "data/cache/apks"
    }
  }
}
