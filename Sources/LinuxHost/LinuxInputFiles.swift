package import Host
import SystemPackage

/// Input files on this machine.
package struct LinuxInputFiles: InputFiles {
  private let cache: DigestCache

  /// What `cache` learns is written by its `save`, or lost without harm.
  package init(cache: DigestCache) { self.cache = cache }

  package func tree(_ folder: String) async throws(HostError) -> [String: String]? {
    guard isFolder(FilePath(folder)) else { return nil }
    return try TreeDigest(of: FilePath(folder), cache: cache).entries
  }

  package func file(_ path: String) async throws(HostError) -> String? {
    do {
      return try FileDigest.of(try FilePath(path).absolute(), cache: cache)
    } catch  where error.isMissingFile {
      return nil
    }
  }

  package func names(in folder: String) async throws(HostError) -> [String]? {
    guard isFolder(FilePath(folder)) else { return nil }
    return try FilePath(folder).folderEntries().map(\.string)
  }

  private func isFolder(_ path: FilePath) -> Bool { (try? path.stat())?.type == .directory }
}
