import Glibc
import Host
import Synchronization
import SystemPackage

/// Entries that were read before: one with thousands of files takes a while to read, several kinds ask for it in one
/// observation, and an `entry.json` never changes, it is only replaced with its folder.
final class KnownEntries: Sendable {
  private struct Known {
    var stat: Stat
    var entry: StoreEntry
  }

  private let state = Mutex<[FilePath: Known]>([:])

  /// What stands in the folder now; nil where that is no entry.
  func entry(of folder: FilePath) throws(HostError) -> StoreEntry? {
    // What cannot be looked at is reported where it is read.
    let stat = try? folder.appending("entry.json").stat()
    if let stat, let known = state.withLock({ $0[folder] }), known.stat.isSameFile(as: stat) { return known.entry }
    var entry = try StoreEntry.read(folder)
    entry?.builtAt = stat.map { Int64($0.st_mtim.tv_sec) }
    if let stat, let entry { state.withLock { $0[folder] = Known(stat: stat, entry: entry) } }
    return entry
  }
}

extension Stat {
  /// The same file, not written to in between.
  fileprivate func isSameFile(as other: Stat) -> Bool {
    deviceID == other.deviceID && inode == other.inode && size == other.size
      && (st_mtim.tv_sec, st_mtim.tv_nsec) == (other.st_mtim.tv_sec, other.st_mtim.tv_nsec)
      && (st_ctim.tv_sec, st_ctim.tv_nsec) == (other.st_ctim.tv_sec, other.st_ctim.tv_nsec)
  }
}
