import Glibc
import Host
import SystemPackage

/// Questions to a distribution's mirror about its packages, asked by apt in a folder of their own. No privilege is needed.
struct Inquiry: ~Copyable {
  private let source: PackageSource
  private let cache: PackageCache
  private let attempted: String
  private let folder: FilePath
  /// Where lists are kept: those of the cache, or where that cannot be written, none for longer.
  private let lists: FilePath

  static func open(
    _ source: PackageSource, _ cache: PackageCache, _ attempted: String
  ) throws(HostError) -> Inquiry {
    let inquiry = Inquiry(source, cache, attempted)
    try inquiry.folder.makeFolders(mode: 0o755)
    try inquiry.lists.makeFolders()
    try source.keys.place(in: inquiry.folder.appending("keys"), attempted)
    return inquiry
  }

  private init(_ source: PackageSource, _ cache: PackageCache, _ attempted: String) {
    self.source = source
    self.cache = cache
    self.attempted = attempted
    folder = FilePath("/tmp/meros-inquiry-\(String(UInt64.random(in: 0 ... .max), radix: 36))")
    lists = cache.isWritable ? cache.lists : folder.appending("lists")
  }

  // The system clears away what stays.
  deinit { try? folder.removeTree() }

  /// `answer` tells of it by the index.
  func place(_ wish: PackageWish, _ index: Int) throws(HostError) {
    let words: [String]
    switch wish {
    case .base: words = ["?essential", "apt"] + BuilderSchema.basePackages(of: source.distribution)
    case .kernel:
      words = Builder.kernelPackages(source, try source.debianArchitecture(attempted))
      if source.distribution == "ubuntu" { try write("", "modules-\(index)") }
    case .added(let packages, let base):
      words = packages
      var lines = ""
      for package in base {
        lines += "\(package.name) \(package.version) \(package.digest) \(try cache.file(of: package) ?? "")\n"
      }
      try write(lines, "onto-\(index)")
    }
    try write(words.map { "\($0)\n" }.joined(), "wish-\(index)")
  }

  /// `found` tells which of them there are.
  func placeSought(_ packages: [LockedPackage]) throws(HostError) {
    try write(packages.map { "\($0.name)=\($0.version)\n" }.joined(), "sought")
  }

  private func write(_ text: String, _ name: String) throws(HostError) {
    try folder.appending(name).replaceContents(Array(text.utf8))
  }

  /// - Parameter isStrict: throws where the mirror does not answer, instead of going by what it said last.
  func ask(strictly isStrict: Bool) async throws(HostError) {
    var environment = source.variables
    environment["WORK"] = folder.string
    environment["OUT"] = folder.string
    environment["DEBS"] = cache.folder.string
    environment["LISTS"] = lists.string
    environment["STRICT"] = isStrict ? "yes" : ""
    environment["LATER"] = ""
    let arguments = source.selection(try source.debianArchitecture(attempted))
    let program = Program(
      "sh", ["-eu", "-c", Self.script, "meros-inquiry"] + arguments, environment: environment, timeout: .seconds(600))
    do {
      try await program.run(attempted)
    } catch {
      guard case .program(var failure) = error.cause else { throw error }
      failure.command = ["apt-get"]
      failure.lastLines.removeAll { $0.hasPrefix("I: ") || $0.hasPrefix("E: command failed") }
      throw HostError(error.attempted, .program(failure))
    }
  }

  /// Adds to `places` where the mirrors have what is in it. Throws what apt says of a wish that cannot be fulfilled.
  func answer(_ index: Int, places: inout [PlacedPackage]) throws(HostError) -> PackageAnswer {
    let lost = try packages(in: "lost-\(index)")
    if !lost.isEmpty { return .lost(lost) }
    let complaints = try text("complaints-\(index)").split(separator: "\n").map(String.init)
    let unknown = AptAnswer.unknown(in: complaints)
    if !unknown.isEmpty { return .unknown(unknown) }
    if folder.appending("failed-\(index)").exists {
      throw HostError(
        attempted, .program(ProgramFailure(command: ["apt-get"], termination: .exited(100), lastLines: complaints)))
    }
    guard let packages = AptAnswer.packages(in: try text("answer-\(index)")) else {
      throw HostError(attempted, .malformed("what apt-get printed", "not every line has a file and its SHA-256"))
    }
    places += packages
    return .packages(packages.map(\.package))
  }

  func found() throws(HostError) -> Set<LockedPackage> { Set(try packages(in: "found")) }

  /// Of lines of name, version and digest.
  private func packages(in name: String) throws(HostError) -> [LockedPackage] {
    try text(name).split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      return words.count == 3 ? LockedPackage(name: words[0], version: words[1], digest: words[2]) : nil
    }
  }

  /// Empty where there is no such file.
  private func text(_ name: String) throws(HostError) -> String {
    String(decoding: try folder.appending(name).contentsIfPresent(limit: 16 << 20) ?? [], as: UTF8.self)
  }

  private static let script = """
    emulated() { "$@"; }

    """ + Builder.mirrorFunctions + Builder.keepScript + Builder.askScript + questions

  private static let questions = #"""
    export DEBS
    # Paragraphs of dpkg's status, one of a name, as if they were installed.
    cat >"$WORK/installed.awk" <<'END'
    /^Package: / { skip = $2 in seen; seen[$2] = 1 }
    /^$/ { if (!skip) print; skip = 0; next }
    !skip { print }
    !skip && /^Package: / { print "Status: install ok installed" }
    END
    cat >"$WORK/found.awk" <<'END'
    /^Package: / { name = $2 }
    /^Version: / { version = $2 }
    /^SHA256: / { print name, version, $2 }
    END
    cat >>"$WORK/before" <<'END'
    set -f
    resolve() {
      status=$1
      shift
      apt-get install --print-uris -qq --no-install-recommends -o Acquire::ForceHash=SHA256 \
        -o "Dir::State::status=$status" "$@" >"$WORK/answer-$number" 2>"$WORK/complaints-$number" ||
        : >"$WORK/failed-$number"
    }
    for number in $(seq 0 "$(($(ls "$WORK" | grep -c '^wish-') - 1))"); do
      status="$1/var/lib/dpkg/status"
      if [ -e "$WORK/onto-$number" ]; then
        status="$WORK/status-$number"
        apt-cache show $(awk '{ print $1 "=" $2 }' "$WORK/onto-$number") 2>/dev/null |
          awk -f "$WORK/installed.awk" >"$status"
        sed -n 's/^Package: //p' "$status" | sort >"$WORK/known"
        sort -k 1,1 "$WORK/onto-$number" | join -v 1 - "$WORK/known" >"$WORK/unknown"
        while read -r name version digest file; do
          if [ -z "$file" ]; then
            echo "$name $version $digest" >>"$WORK/lost-$number"
          else
            { dpkg-deb -f "$DEBS/$file"; echo; } | awk -f "$WORK/installed.awk" >>"$status"
          fi
        done <"$WORK/unknown"
      fi
      resolve "$status" $(cat "$WORK/wish-$number")
      if [ -e "$WORK/modules-$number" ]; then
        # Ubuntu packs qemu_fw_cfg apart.
        extra=$(sed -n 's/.* linux-modules-\([0-9][^_]*\)_.*/linux-modules-extra-\1/p' "$WORK/answer-$number")
        resolve "$status" $(cat "$WORK/wish-$number") $extra
      fi
    done
    if [ -e "$WORK/sought" ]; then
      apt-cache show $(cat "$WORK/sought") 2>/dev/null | awk -f "$WORK/found.awk" >"$WORK/found"
    fi
    END
    ask_mirror "$@"
    """#
}
