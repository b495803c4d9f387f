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
      for (source, wanted) in wanted(proposal) {
        if wanted.beginsAnew, let fault = try await minirootfsFault(of: source, before, lock) {
          // Without it nobody can be asked for what comes onto it.
          faults.append(fault)
          continue
        }
        // What was looked up just now is there.
        let held = wanted.packages.sorted { $0.name < $1.name }.filter { before.holds($0) }
        if held.isEmpty { continue }
        do throws(HostError) {
          for package in try await host.origins.missing(held, from: source) {
            faults.append(try await fault(package, source, lock))
          }
        } catch {
          // Who asks for packages does so by what is in the minirootfs.
          guard let fault = try await minirootfsFault(of: source, before, lock) else { throw .host(error) }
          faults.append(fault)
        }
      }
    }
    if faults.hasErrors { throw .diagnostics(faults) }
  }

  /// nil where what the source begins with can be had.
  private func minirootfsFault(
    of source: PackageSource, _ before: LockFile, _ lock: LockUpdate
  ) async throws(CommandFailure) -> Diagnostic? {
    guard let mirror = source.mirror, let pinned = source.minirootfs else { return nil }
    let key = MovingName.minirootfs(mirror: mirror, release: source.release, arch: source.arch).key
    // What was looked up just now is there.
    guard before[key] == pinned else { return nil }
    do throws(HostError) {
      if try await host.origins.hasMinirootfs(of: source) { return nil }
      return try await loss(lock).ofMinirootfs(key, pinned)
    } catch { throw .host(error) }
  }

  private struct Wanted {
    var packages: Set<LockedPackage> = []
    /// Something of them stands on no other entry of the store.
    var beginsAnew = false
  }

  /// The packages of what is to be built, by their source.
  private func wanted(_ proposal: Proposal) -> [(PackageSource, Wanted)] {
    var all: [PackageSource: Wanted] = [:]
    for change in proposal.plan.changes where change.change.verb != .delete {
      guard let resource = proposal.goal.graph.resources[change.address] as? any BuiltResource else { continue }
      switch resource.recipe.source {
      case .rootfs(let source):
        all[source.from, default: Wanted()].packages.formUnion(source.locked ?? [])
        if source.base == nil { all[source.from, default: Wanted()].beginsAnew = true }
      case .kernel(.distribution(let source, let locked)):
        all[source, default: Wanted()].packages.formUnion(locked ?? [])
        all[source, default: Wanted()].beginsAnew = true
      case .kernel, .image, .patch: break
      }
    }
    return all.map { ($0.key, $0.value) }.sorted { $0.0.words.lexicographicallyPrecedes($1.0.words) }
  }

  private func fault(
    _ package: LockedPackage, _ source: PackageSource, _ lock: LockUpdate
  ) async throws(HostError) -> Diagnostic {
    try await loss(lock).ofPackage(package, of: "\(source.distribution) \(source.release)")
  }

  private func loss(_ lock: LockUpdate) -> LockedLoss {
    LockedLoss(lockFile: FilePath(lock.path), folder: folder, host: host)
  }
}

extension LockFile {
  /// Whatever was asked for, it came to this package too.
  fileprivate func holds(_ package: LockedPackage) -> Bool {
    keys.contains { self[packages: $0]?[package.name] == package.locked }
  }
}

extension PackageSource {
  /// By which they are in an order.
  fileprivate var words: [String] { [distribution, release, arch, mirror ?? ""] + components + sources }
}
