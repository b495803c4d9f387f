import Crypto
import Host
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
    let branch = AlpineBranch(source.release)
    let place = "\(mirror.trimmingSlashes)/\(branch.name)/releases/\(source.arch)"
    progress.report(Progress.Report("asking for the release"))
    try data.cache.appending("minirootfs").makeFolders()
    let (release, isOffline) = try await release(branch, source.arch, at: place)
    let tarball = data.cache.appending("minirootfs").appending(release.file)
    // A cached one counts as long as it is what the mirror says now.
    var fits = false
    if tarball.exists { fits = try mismatch(of: tarball, with: release) == nil }
    let fetched = folder.appending("minirootfs.tar.gz")
    if !fits {
      let url = "\(place)/\(release.file)"
      progress.report(Progress.Report("downloading \(release.file)"))
      try await fetch(url, to: fetched, limit: 1 << 30)
      if let what = try mismatch(of: fetched, with: release) { throw HostError(attempted, .untrusted(url, what)) }
    }
    try await checkSignature(of: fits ? tarball : fetched, "\(place)/\(release.file).asc", source)
    if !fits { try fetched.rename(to: tarball) }
    return Minirootfs(tarball: tarball, isOffline: isOffline)
  }

  /// What the mirror has, or, where it does not answer, what it had when it was asked last.
  private func release(
    _ branch: AlpineBranch, _ arch: String, at place: String
  ) async throws(HostError) -> (AlpineRelease, isOffline: Bool) {
    let url = "\(place)/latest-releases.yaml"
    let file = folder.appending("latest-releases.yaml")
    let known = data.cache.appending("minirootfs").appending("\(sha256(Array(url.utf8)).prefix(16)).yaml")
    let ending = try await Download(url: url, attempted: attempted, log: log).write(to: file, limit: 1 << 20)
    if ending == .unreachable, !known.exists {
      throw HostError(attempted, .unreachable(place))
    }
    let index = try (ending == .done ? file : known).contents(limit: 1 << 20)
    let found: AlpineRelease?
    do {
      found = try AlpineRelease.find(in: index, arch: arch, version: branch.version)
    } catch {
      throw HostError(attempted, .malformed(url, error.what))
    }
    if ending == .done { try known.replaceContents(index) }
    try file.unlink()
    if let found { return (found, ending == .unreachable) }
    guard let version = branch.version else {
      throw HostError(attempted, .missing("minirootfs for \(arch) in \(url)"))
    }
    // The index has only the latest; older ones lie beside it.
    let digest = folder.appending("digest")
    let digestURL = "\(place)/\(AlpineRelease.file(arch: arch, version: version)).sha512"
    try await fetch(digestURL, to: digest, limit: 1 << 16)
    let bytes = try digest.contents(limit: 1 << 16)
    try digest.unlink()
    do {
      return (try AlpineRelease(arch: arch, version: version, digestFile: bytes), false)
    } catch {
      throw HostError(attempted, .malformed(digestURL, error.what))
    }
  }

  private func fetch(_ url: String, to file: FilePath, limit: Int) async throws(HostError) {
    guard try await Download(url: url, attempted: attempted, log: log).write(to: file, limit: limit) == .done else {
      throw HostError(attempted, .unreachable(url))
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
      if let expected, expected != found { return "its \(kind) is \(found), not \(expected) as the mirror says" }
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
    try await fetch(url, to: signature, limit: 1 << 16)
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

extension String {
  /// Without slashes at its end.
  fileprivate var trimmingSlashes: String {
    var text = self
    while text.hasSuffix("/") { text.removeLast() }
    return text
  }
}
