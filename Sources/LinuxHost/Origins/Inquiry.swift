import Glibc
import Host
import SystemPackage

/// Questions to a mirror of Debian or Ubuntu, asked by apt.
struct Inquiry: PackageInquiry, ~Copyable {
  private let source: PackageSource
  private let cache: PackageCache
  private let attempted: String
  private let folder: InquiryFolder
  /// Where lists are kept: those of the cache, or where that cannot be written, none for longer.
  private let lists: FilePath

  static func open(
    _ source: PackageSource, _ cache: PackageCache, _ attempted: String
  ) throws(HostError) -> Inquiry {
    let inquiry = Inquiry(source, cache, attempted, try .make())
    try inquiry.lists.makeFolders()
    try source.keys.place(in: inquiry.folder.path.appending("keys"), attempted)
    return inquiry
  }

  private init(
    _ source: PackageSource, _ cache: PackageCache, _ attempted: String, _ folder: consuming InquiryFolder
  ) {
    self.source = source
    self.cache = cache
    self.attempted = attempted
    lists = cache.isWritable ? cache.lists : folder.path.appending("lists")
    self.folder = folder
  }

  func place(_ wish: PackageWish, _ index: Int) throws(HostError) {
    let words: [String]
    switch wish {
    case .base: words = ["?essential", "apt"] + BuilderSchema.basePackages(of: source.distribution)
    case .kernel:
      words = Builder.kernelPackages(source, try source.debianArchitecture(attempted))
      if source.distribution == "ubuntu" { try folder.write("", "modules-\(index)") }
    case .added(let packages, let base):
      words = packages
      var lines: [String] = []
      for package in base {
        lines.append("\(package.line) \(try cache.file(of: package) ?? "")")
      }
      try folder.write(lines: lines, "onto-\(index)")
    }
    try folder.write(lines: words, "wish-\(index)")
  }

  func placeSought(_ packages: [LockedPackage]) throws(HostError) {
    try folder.write(lines: packages.map { "\($0.name)=\($0.version)" }, "sought")
  }

  func ask(strictly isStrict: Bool) async throws(HostError) {
    var environment = source.variables
    environment["WORK"] = folder.path.string
    environment["OUT"] = folder.path.string
    environment["DEBS"] = cache.folder.string
    environment["LISTS"] = lists.string
    environment["STRICT"] = isStrict ? "yes" : ""
    environment["LATER"] = ""
    let arguments = source.selection(try source.debianArchitecture(attempted))
    let program = Program(
      "sh", ["-eu", "-c", Self.script, "meros-inquiry"] + arguments, environment: environment, timeout: .seconds(600),
      holdsInput: true)
    do {
      try await program.run(attempted)
    } catch {
      guard case .program(var failure) = error.cause else { throw error }
      failure.command = ["apt-get"]
      failure.lastLines.removeAll { $0.hasPrefix("I: ") || $0.hasPrefix("E: command failed") }
      throw HostError(error.attempted, .program(failure))
    }
  }

  func answer(_ index: Int) throws(HostError) -> PackageAnswer {
    let lost = try packages(in: "lost-\(index)")
    if !lost.isEmpty { return .lost(lost) }
    let complaints = try folder.lines("complaints-\(index)")
    let unknown = AptAnswer.unknown(in: complaints)
    if !unknown.isEmpty { return .unknown(unknown) }
    if folder.has("failed-\(index)") {
      throw HostError(
        attempted, .program(ProgramFailure(command: ["apt-get"], termination: .exited(100), lastLines: complaints)))
    }
    guard let packages = AptAnswer.packages(in: try folder.text("answer-\(index)")) else {
      throw HostError(attempted, .malformed("what apt-get printed", "not every line has a file and its SHA-256"))
    }
    if cache.isWritable { try cache.remember(packages) }
    return .packages(packages.map(\.package))
  }

  func found() throws(HostError) -> Set<LockedPackage> { Set(try packages(in: "found")) }

  private func packages(in name: String) throws(HostError) -> [LockedPackage] {
    try folder.lines(name).compactMap { LockedPackage(line: $0) { .sha256($0) } }
  }

  private static let script =
    InquiryFolder.watchScript + """
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
