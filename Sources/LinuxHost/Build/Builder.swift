import Glibc
import Host
import Subprocess
import SystemPackage

/// Runs a shell script that builds one entry of the store, in mount, process and host-name namespaces of its own: when
/// it ends, for whatever reason, nothing of it is left but what it wrote into the folder of the entry.
struct Builder: Sendable {
  let data: DataDirectory
  /// The folder of the entry that is being built.
  let folder: FilePath
  let attempted: String
  let log: FilePath
  let progress: Progress
  /// nil: every file is read.
  var cache: DigestCache?
  /// In seconds: a hook that takes longer is killed.
  var hookLimit = 1800

  /// For all hooks and a slow mirror.
  private static let limit = Duration.seconds(4 * 3600)

  /// Runs the script with these variables, besides `OUT` (the entry's folder), `WORK` (an empty folder, in memory where
  /// there is enough) and `SOURCE_DATE_EPOCH`. Its arguments are `$1`, `$2` and so on.
  ///
  /// Lines of the script that begin with `::meros::` are what it is doing.
  ///
  /// `report` says what a line tells of the progress; nil: nothing.
  func run(
    _ script: String, _ variables: [String: String], arguments: [String] = [],
    report: @Sendable (String) -> Progress.Report? = Builder.activity
  ) async throws(HostError) {
    guard geteuid() == 0 else { throw HostError(attempted, .privilege("CAP_SYS_ADMIN")) }
    var environment = ["REGISTRATION": ""].merging(variables) { _, given in given }
    environment["OUT"] = folder.string
    environment["WORK"] = folder.appending("work").string
    environment["HOOK_LIMIT"] = String(hookLimit)
    environment["HOOK_PROCESSES"] = Self.canLimitProcesses ? "4096" : ""
    environment["WORK_SIZE"] = Self.memoryToUse.map { String($0) } ?? ""
    environment["SOURCE_DATE_EPOCH"] = String(BuilderSchema.time)
    let program = Program(
      "unshare",
      [
        "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child=KILL", "--mount-proc", "--ipc", "--uts",
        "sh", "-eu", "-c", Self.prelude + script, "meros-build",
      ] + arguments,
      environment: environment, log: log, timeout: Self.limit, holdsInput: true)
    do {
      try await program.run(attempted) { line in
        if let activity = report(line) { progress.report(activity) }
      }
    } catch {
      throw named(error)
    }
    try folder.appending("work").removeTree()
  }

  /// From Linux 6.14 on each namespace of processes has a limit of its own; before, it would be that of the whole machine.
  static var canLimitProcesses: Bool { KernelRelease.current >= KernelRelease(6, 14) }

  /// The script is long and says nothing to people: a failure names what it is part of.
  private func named(_ error: HostError) -> HostError {
    guard case .program(var failure) = error.cause else { return error }
    failure.command = ["the build"]
    failure.lastLines.removeAll { $0.hasPrefix(Self.mark) }
    return HostError(error.attempted, .program(failure))
  }

  private static let mark = "::meros:: "

  /// What a line of the script, or of mmdebstrap, tells about how far it is.
  static func activity(_ line: String) -> Progress.Report? {
    if line.hasPrefix(mark) { return Progress.Report(String(line.dropFirst(mark.count))) }
    let phases = [
      ("I: running apt-get update", "updating package lists", 0.05), ("I: downloading", "downloading packages", 0.1),
      ("I: extracting archives", "extracting packages", 0.2), ("I: installing essential", "installing packages", 0.4),
      ("I: installing remaining", "installing packages", 0.6), ("I: cleaning", "cleaning up", 0.9),
      ("I: creating tarball", "writing archive", 0.95),
    ]
    for (prefix, activity, fraction) in phases where line.hasPrefix(prefix) {
      return Progress.Report(activity, fraction: fraction)
    }
    return nil
  }

  /// Three quarters of the memory that is free, in bytes; nil when that is too little to build in.
  private static var memoryToUse: Int? {
    // Without /proc/meminfo it is built on the disk, which always works.
    guard let bytes = try? FilePath("/proc/meminfo").contents() else { return nil }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where line.hasPrefix("MemAvailable:") {
      guard let kibibytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
      let usable = kibibytes * 1024 / 4 * 3
      return usable >= 2 << 30 ? usable : nil
    }
    return nil
  }

  /// The script's end of the input is held open by meros: when meros dies, all processes of the namespace go with it, also
  /// those that the script, which is the first of them and cannot be killed from within, is only about to start.
  static let prelude = beginning + words + steadyScript

  private static let beginning = #"""
    exec 3<&0 </dev/null
    ( exec >/dev/null 2>&1; cat <&3; while :; do kill -KILL -1 || :; sleep 0.1; done ) &
    exec 3<&-
    umask 022
    mkdir -p "$WORK"
    if [ -n "$WORK_SIZE" ]; then mount -t tmpfs -o "size=$WORK_SIZE,mode=0755" meros "$WORK"; fi

    """#

  /// What any script may say and need.
  static let words = #"""
    phase() { echo "::meros:: $*"; }
    fail() { echo "$*" >&2; exit 1; }
    # Sets busybox: the one of the host, which must run where nothing else is.
    find_busybox() {
      busybox=$(command -v busybox) || fail "busybox is not installed"
      if ldd "$busybox" >/dev/null 2>&1; then fail "$busybox is not statically linked; busybox-static is needed"; fi
    }

    """#

  private static let steadyScript = #"""
    # mke2fs -d leaves times of the tree's own inodes in the file system: they are all set to the one time.
    steady() {
      used=$(dumpe2fs -h "$1" 2>/dev/null | awk -F: '/^Inode count/ { a = $2 } /^Free inodes/ { f = $2 } END { print a - f }')
      seq 11 "$used" | awk -v t="@$SOURCE_DATE_EPOCH" '
        { print "sif <" $1 "> ctime " t; print "sif <" $1 "> atime " t; print "sif <" $1 "> crtime " t }' >"$WORK/times"
      debugfs -w -f "$WORK/times" "$1" >/dev/null 2>&1
    }

    """#
}
