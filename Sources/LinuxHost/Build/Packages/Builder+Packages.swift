import Host
import SystemPackage

extension Builder {
  /// In the folder of the entry: what is to be installed, as `universeScript` reads it.
  static let lockedFile = "locked"

  /// Makes sure that the cache holds these packages, of the digests that they are to have, and says so in `lockedFile`.
  /// Returns what the scripts read of them and of their mirror.
  func gather(
    _ locked: [LockedPackage]?, from source: PackageSource
  ) async throws(HostError) -> [String: String] {
    guard let locked else { throw HostError(attempted, .missing("the lock of the packages of \(source.cacheName)")) }
    let cache = PackageCache(of: source, in: data, digests: cache)
    try cache.folder.makeFolders()
    try cache.lists.makeFolders()
    var variables = source.variables
    variables["DEBS"] = cache.folder.string
    variables["LISTS"] = cache.lists.string
    variables["REGISTRATION"] = ""
    let lacking = try cache.lacking(locked)
    if !lacking.isEmpty { try await fetch(lacking, cache, source, variables) }
    var lines: [String] = []
    for package in locked {
      guard let file = try cache.file(of: package) else {
        let what = "what its mirror has is another file than the lock file says"
        throw HostError(attempted, .untrusted("\(package.name) \(package.version)", what))
      }
      lines.append("\(file) \(package.identity.text)\n")
    }
    try folder.appending(Self.lockedFile).replaceContents(Array(lines.joined().utf8))
    return variables
  }

  /// From where they were when they were looked up; where that is not known, or not so any more, wherever the mirror
  /// has them.
  private func fetch(
    _ packages: [LockedPackage], _ cache: PackageCache, _ source: PackageSource, _ variables: [String: String]
  ) async throws(HostError) {
    let wanted = folder.appending("wanted")
    if let placed = try cache.places(of: packages) {
      let lines = placed.map { "\($0.uri) \($0.file) SHA256:\($0.package.identity.text)\n" }
      try wanted.replaceContents(Array(lines.joined().utf8))
      do throws(HostError) {
        try await run(Self.keepScript + Self.downloadScript, variables)
        return try wanted.unlink()
      } catch {
        guard case .program = error.cause else { throw error }
      }
    }
    try wanted.replaceContents(Array(packages.map { "\($0.name)=\($0.version)\n" }.joined().utf8))
    var variables = variables
    variables["STRICT"] = ""
    variables["LATER"] = "yes"
    try await run(
      Self.mirrorScript + Self.keepScript + Self.askScript + Self.fetchScript, variables,
      arguments: source.selection(try source.debianArchitecture(attempted)))
    try wanted.unlink()
  }

  /// Fetches what `$OUT/wanted` says, lines of "URI FILE SHA256:DIGEST", into the cache.
  private static let downloadScript = #"""
    echo "I: downloading packages" >&2
    mkdir "$WORK/placed"
    cd "$WORK/placed"
    # Whole lines: three words each.
    xargs -n 300 /usr/lib/apt/apt-helper -o Acquire::Retries=3 -o APT::Sandbox::User=root download-file <"$OUT/wanted"
    sh "$WORK/keep" "$DEBS" ./*.deb
    """#

  /// Fetches what `$OUT/wanted` says, lines of "NAME=VERSION", into the cache. The lists that were looked into as they were
  /// locked mostly do.
  private static let fetchScript = #"""
    export DEBS
    cat >>"$WORK/before" <<'END'
    echo "I: downloading packages" >&2
    mkdir "$WORK/fetched"
    cd "$WORK/fetched"
    get() { xargs apt-get -q download <"$OUT/wanted"; }
    if [ -z "$(ls -A "$LISTS")" ] || ! get; then
      update "$1"
      get
    fi
    sh "$WORK/keep" "$DEBS" ./*.deb
    END
    ask_mirror "$@"
    """#
}
