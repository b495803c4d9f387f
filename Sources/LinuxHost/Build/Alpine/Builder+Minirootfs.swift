import Crypto
import Host
import Network
import SystemPackage

extension Builder {
  /// A tarball whose digest was checked.
  struct Minirootfs {
    var tarball: FilePath
    /// The mirror does not answer: what is cached has to do.
    var isOffline: Bool
  }

  /// Fetches the tarball of the release, unless it is cached, and checks its digest and, where a key was given for it,
  /// its signature.
  func minirootfs(_ source: PackageSource) async throws(HostError) -> Minirootfs {
    guard let mirror = source.mirror else { throw HostError(attempted, .missing("mirror of alpine")) }
    let place = AlpinePlace(source.release, arch: source.arch, on: mirror)
    progress.report(Progress.Report("asking for the release"))
    let (release, isOffline) = try await release(of: source, at: place)
    let tarball = data.cache.appending("minirootfs").appending(release.file)
    let url = "\(place.url)/\(release.file)"
    try data.cache.appending("minirootfs").makeFolders()
    // A cached one counts as long as it is what is wanted now.
    if tarball.exists, try mismatch(of: tarball, with: release) == nil {
      if !isOffline { try await checkSignature(of: tarball, "\(url).asc", source) }
      return Minirootfs(tarball: tarball, isOffline: isOffline)
    }
    let fetched = folder.appending("minirootfs.tar.gz")
    progress.report(Progress.Report("downloading \(release.file)"))
    try await Download(url: url, attempted: attempted, log: log).write(to: fetched, limit: 1 << 30)
    if let what = try mismatch(of: fetched, with: release) { throw HostError(attempted, .untrusted(url, what)) }
    try await checkSignature(of: fetched, "\(url).asc", source)
    try fetched.rename(to: tarball)
    return Minirootfs(tarball: tarball, isOffline: isOffline)
  }

  /// What the lock file holds, else what the mirror has.
  private func release(
    of source: PackageSource, at place: AlpinePlace
  ) async throws(HostError) -> (AlpineRelease, isOffline: Bool) {
    guard let pinned = source.minirootfs.flatMap({ AlpineRelease(pinned: $0, arch: source.arch) }) else {
      if let found = try await place.release(attempted, log: log) { return (found, false) }
      throw HostError(attempted, .missing("minirootfs of \(source.release) for \(source.arch) in \(place.index)"))
    }
    do throws(HostError) {
      _ = try await Download(url: place.index, attempted: attempted, log: log).contents()
      return (pinned, false)
    } catch {
      guard case .unreachable = error.cause else { throw error }
      return (pinned, true)
    }
  }

  /// What is wrong with the tarball; nil where its digests are those of the release.
  private func mismatch(of tarball: FilePath, with release: AlpineRelease) throws(HostError) -> String? {
    var (short, long) = (SHA256(), SHA512())
    try tarball.eachPiece {
      short.update(data: $0)
      long.update(data: $0)
    }
    for (kind, expected, found) in [
      ("sha256", release.sha256, hexadecimal(short.finalize())),
      ("sha512", release.sha512, hexadecimal(long.finalize())),
    ] {
      if let expected, expected != found { return "its \(kind) is \(found), not \(expected)" }
    }
    return nil
  }

  /// Where an OpenPGP key is given, the tarball must be signed with it.
  private func checkSignature(of tarball: FilePath, _ url: String, _ source: PackageSource) async throws(HostError) {
    let keys = source.keys.filter { !$0.isOfAPK }
    guard !keys.isEmpty else { return }
    let home = folder.appending("gnupg")
    try home.makeFolders()
    let signature = folder.appending("signature.asc")
    try await Download(url: url, attempted: attempted, log: log).write(to: signature, limit: 1 << 16)
    let common = ["--homedir", home.string, "--batch", "--no-tty", "--no-autostart"]
    let paths = keys.map { folder.appending("keys").appending($0.name).string }
    try await Program("gpg", common + ["--import"] + paths, log: log).run("read the keys of \(source.mirror ?? "")")
    let verify = Program(
      "gpg", common + ["--trust-model", "always", "--verify", signature.string, tarball.string], log: log)
    try await verify.run("check the signature \(url)")
    try signature.unlink()
    try home.removeTree()
  }
}
