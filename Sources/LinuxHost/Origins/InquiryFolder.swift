import Glibc
import Host
import SystemPackage

/// A folder of its own for questions and answers, which goes away with it, or with meros.
struct InquiryFolder: ~Copyable {
  let path: FilePath

  static func make() throws(HostError) -> InquiryFolder {
    sweep()
    let folder = InquiryFolder()
    try folder.path.makeFolders(mode: 0o755)
    return folder
  }

  private init() {
    path = Self.place.appending("\(Self.beginning)\(String(UInt64.random(in: 0 ... .max), radix: 36))")
  }

  private static let place = FilePath("/tmp")
  private static let beginning = "meros-inquiry-"

  /// Deletes what this user's meros left that was killed before there was a script; nothing takes so long.
  private static func sweep() {
    // What stays is in nobody's way.
    for name in (try? place.folderEntries()) ?? [] where name.string.hasPrefix(beginning) {
      let folder = place.appending(name)
      guard let stat = try? folder.stat(followTargetSymlink: false), stat.type == .directory,
        stat.userID.rawValue == geteuid(), time(nil) - stat.st_mtim.tv_sec > 36_000
      else { continue }
      // Likewise.
      try? folder.removeTree()
    }
  }

  /// The beginning of a script that works in a folder, `$WORK`, in a process group of its own. Its end of the input is held
  /// open by meros: when meros dies, the group and the folder go too. What a script that succeeds leaves is read.
  static let watchScript = #"""
    exec 3<&0 </dev/null
    setsid sh -c 'cat <&3; kill -KILL "-$1"; rm -rf --one-file-system "$2"' sh "$$" "$WORK" >/dev/null 2>&1 &
    watcher=$!
    exec 3<&-
    trap '[ "$?" != 0 ] || kill -KILL "$watcher"' EXIT

    """#

  // The system clears away what stays.
  deinit { try? path.removeTree() }

  func has(_ name: String) -> Bool { path.appending(name).exists }

  func write(_ text: String, _ name: String) throws(HostError) {
    try path.appending(name).replaceContents(Array(text.utf8))
  }

  func write(lines: [String], _ name: String) throws(HostError) {
    try write(lines.map { "\($0)\n" }.joined(), name)
  }

  /// Empty where there is no such file.
  func text(_ name: String) throws(HostError) -> String {
    String(decoding: try path.appending(name).contentsIfPresent(limit: 64 << 20) ?? [], as: UTF8.self)
  }

  func lines(_ name: String) throws(HostError) -> [String] {
    try text(name).split(separator: "\n").map(String.init)
  }
}
