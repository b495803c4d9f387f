import Crypto
import Host
import Network
import SystemPackage

/// What releases of Alpine begin with, kept for all constellations.
struct MinirootfsCache {
  /// `cache/minirootfs`, or a folder that goes away again.
  let folder: FilePath
  /// For what is needed meanwhile; the mirror's keys are in `keys`.
  let scratch: FilePath
  let attempted: String
  let log: FilePath?
  let progress: Progress

  /// The tarball of the release that the lock file holds, else of what the mirror has. Unless it is there it is fetched; in
  /// either case it has the digest that it must have and, where a key was given for it, that one's signature.
  func tarball(of source: PackageSource) async throws(HostError) -> FilePath {
    guard let mirror = source.mirror else { throw HostError(attempted, .missing("mirror of alpine")) }
    let place = AlpinePlace(source.release, arch: source.arch, on: mirror)
    let release = try await release(of: source, at: place)
    let url = "\(place.url)/\(release.file)"
    try folder.makeFolders()
    if let tarball = try kept(release) {
      try await checkSignature(signature(of: tarball), of: tarball, "\(url).asc", source)
      return tarball
    }
    let tarball = folder.appending(release.keptFile)
    let signature = signature(of: tarball)
    progress.report(Progress.Report("downloading \(release.file)"))
    try await fetch(url, to: tarball, limit: 1 << 30) { fetched throws(HostError) in
      if let what = try mismatch(of: fetched, with: release) { throw HostError(attempted, .untrusted(url, what)) }
      // Of another tarball.
      if signature.exists { try signature.unlink() }
      try await checkSignature(signature, of: fetched, "\(url).asc", source)
    }
    return tarball
  }

  /// It is kept, or the mirror has a file of its name. Nothing is changed.
  func has(_ source: PackageSource) async throws(HostError) -> Bool {
    guard let mirror = source.mirror, let pinned = source.minirootfs,
      let release = AlpineRelease(pinned: pinned, arch: source.arch)
    else { return false }
    if try kept(release) != nil { return true }
    let place = AlpinePlace(source.release, arch: source.arch, on: mirror)
    return try await Download(url: "\(place.url)/\(release.file)", attempted: attempted, log: log).exists()
  }

  /// The file of the release; nil where there is none that is it. One as mirrors call it does, too.
  private func kept(_ release: AlpineRelease) throws(HostError) -> FilePath? {
    for name in [release.keptFile, release.file] {
      let tarball = folder.appending(name)
      if tarball.exists, try mismatch(of: tarball, with: release) == nil { return tarball }
    }
    return nil
  }

  private func signature(of tarball: FilePath) -> FilePath {
    folder.appending("\(tarball.lastComponent?.string ?? "").asc")
  }

  /// What is refused by `check` is not kept.
  private func fetch(
    _ url: String, to file: FilePath, limit: Int, check: (FilePath) async throws(HostError) -> Void
  ) async throws(HostError) {
    let fetched = folder.appending(".new-\(String(UInt64.random(in: 0 ... .max), radix: 36))")
    do throws(HostError) {
      try await Download(url: url, attempted: attempted, log: log).write(to: fetched, limit: limit)
      try await check(fetched)
      try fetched.rename(to: file)
    } catch {
      try fetched.removeTree()
      throw error
    }
  }

  private func release(of source: PackageSource, at place: AlpinePlace) async throws(HostError) -> AlpineRelease {
    if let pinned = source.minirootfs.flatMap({ AlpineRelease(pinned: $0, arch: source.arch) }) { return pinned }
    progress.report(Progress.Report("asking for the release"))
    if let found = try await place.release(attempted, log: log) { return found }
    throw HostError(attempted, .missing("minirootfs of \(source.release) for \(source.arch) in \(place.index)"))
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
  private func checkSignature(
    _ signature: FilePath, of tarball: FilePath, _ url: String, _ source: PackageSource
  ) async throws(HostError) {
    let keys = source.keys.filter { !$0.isOfAPK }
    guard !keys.isEmpty else { return }
    if !signature.exists { try await fetch(url, to: signature, limit: 1 << 16) { _ in } }
    let home = scratch.appending("gnupg")
    try home.makeFolders()
    let common = ["--homedir", home.string, "--batch", "--no-tty", "--no-autostart"]
    let paths = keys.map { scratch.appending("keys").appending($0.name).string }
    try await Program("gpg", common + ["--import"] + paths, log: log).run("read the keys of \(source.mirror ?? "")")
    let verify = Program(
      "gpg", common + ["--trust-model", "always", "--verify", signature.string, tarball.string], log: log)
    try await verify.run("check the signature \(url)")
    try home.removeTree()
  }
}

extension AlpineRelease {
  /// The name of the tarball in the cache: another mirror may have another one of the same version.
  fileprivate var keptFile: String {
    let ending = ".tar.gz"
    let stem = file.hasSuffix(ending) ? String(file.dropLast(ending.count)) : file
    return "\(stem).\((sha512 ?? sha256 ?? "").prefix(16))\(ending)"
  }
}
