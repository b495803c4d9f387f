import Glibc
package import Host
import Synchronization
import SystemPackage

/// Digests of files that were read before, by what the kernel changes whenever a file changes. It may be lost or stale
/// at any time: a file that it does not know is read.
package final class DigestCache: Sendable {
  private struct State {
    var known: [String: String] = [:]
    var isChanged = false
  }
  private let file: FilePath
  private let state: Mutex<State>

  /// Reads `cache/digests` of the data directory; an unreadable one counts as empty.
  package init(_ data: DataDirectory) {
    file = data.cache.appending("digests")
    var known: [String: String] = [:]
    // What cannot be read is only slower.
    let bytes = (try? file.contentsIfPresent()) ?? []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let words = line.split(separator: UInt8(ascii: " "))
      guard words.count == 2, words[1].count == 64 else { continue }
      known[String(decoding: words[0], as: UTF8.self)] = String(decoding: words[1], as: UTF8.self)
    }
    state = Mutex(State(known: known))
  }

  func digest(of path: FilePath) -> String? {
    guard let key = key(of: path) else { return nil }
    return state.withLock { $0.known[key] }
  }

  func remember(_ digest: String, of path: FilePath) {
    guard let key = key(of: path) else { return }
    state.withLock {
      $0.known[key] = digest
      $0.isChanged = true
    }
  }

  /// Writes what was learnt, if anything.
  package func save() throws(HostError) {
    let lines: [String]? = state.withLock {
      guard $0.isChanged else { return nil }
      $0.isChanged = false
      return $0.known.map { "\($0.key) \($0.value)\n" }
    }
    guard let lines else { return }
    try file.removingLastComponent().makeFolders()
    // Beyond so many, most are of files that are long gone.
    let text = lines.count > 200_000 ? "" : lines.sorted().joined()
    try file.replaceContents(Array(text.utf8))
  }

  /// nil for a file that changed so lately that it could change again without another time in its inode.
  private func key(of path: FilePath) -> String? {
    guard let stat = try? path.stat(followTargetSymlink: false), stat.type == .regular else { return nil }
    let change = stat.st_ctim
    guard time(nil) - change.tv_sec > 2 else { return nil }
    let mtime = stat.st_mtim
    return [
      Int64(stat.deviceID.rawValue), Int64(truncatingIfNeeded: stat.inode.rawValue), stat.size, Int64(mtime.tv_sec),
      Int64(mtime.tv_nsec), Int64(change.tv_sec), Int64(change.tv_nsec),
    ].map { String($0, radix: 36) }.joined(separator: "/")
  }
}
