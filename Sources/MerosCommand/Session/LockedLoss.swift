import Diagnostics
import Host
import Manifest
import SystemPackage

/// Words for what a lock file holds and nobody has any more, at its place in there.
struct LockedLoss {
  /// Absolute.
  let lockFile: FilePath
  /// Where names of files begin, as a person knows them.
  let folder: FilePath
  let host: Host

  /// - Parameter source: distribution and release.
  func ofPackage(_ package: LockedPackage, of source: String) async throws(HostError) -> Diagnostic {
    try await fault("\(package.name) \(package.version) of \(source)", package.identity.cache) {
      LockFile.place(of: package.name, package.locked, in: $0, file: $1)
    }
  }

  /// - Parameter pinned: what the lock file has of it, "3.20.3 sha512:…".
  func ofMinirootfs(_ key: LockFile.Key, _ pinned: String) async throws(HostError) -> Diagnostic {
    try await fault("the minirootfs \(pinned.prefix { $0 != " " }) of alpine", "data/cache/minirootfs") {
      LockFile.place(of: key, in: $0, file: $1)
    }
  }

  /// - Parameter place: in the lock file, by what that holds and how a person knows it.
  private func fault(
    _ what: String, _ cache: String, place: ([UInt8], String) -> SourceLocation?
  ) async throws(HostError) -> Diagnostic {
    let bytes = try await host.inputs.contents(of: lockFile.string) ?? []
    return Diagnostic(
      .error, "\(what) is neither in the cache nor on the mirror", at: place(bytes, lockFile.relative(to: folder)),
      remedy: "--update takes what the mirror has now; or put the file of that version into the cache, \(cache)")
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
