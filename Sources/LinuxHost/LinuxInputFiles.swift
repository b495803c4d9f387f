import Glibc
package import Host
import SystemPackage

/// Input files on this machine.
package struct LinuxInputFiles: InputFiles {
  private let cache: DigestCache

  /// What `cache` learns is written by its `save`, or lost without harm.
  package init(cache: DigestCache) { self.cache = cache }

  package func tree(_ folder: String) async throws(HostError) -> InputTree? {
    guard isFolder(FilePath(folder)) else { return nil }
    let tree = try Tree(at: FilePath(folder))
    return InputTree(
      entries: try TreeDigest(of: tree, cache: cache).entries, withheld: tree.withheld.map(\.printable))
  }

  package func file(_ path: String) async throws(HostError) -> String? {
    do {
      return try FileDigest.of(try FilePath(path).absolute(), cache: cache)
    } catch  where error.isMissingFile {
      return nil
    }
  }

  package func beginning(of path: String, count: Int) async throws(HostError) -> [UInt8]? {
    try FilePath(path).beginningIfPresent(count: count)
  }

  package func contents(of path: String) async throws(HostError) -> [UInt8]? {
    try FilePath(path).contentsIfPresent(limit: 32 << 20)
  }

  package func kind(of path: String) async throws(HostError) -> InputKind? {
    let path = FilePath(path)
    switch (try? path.stat())?.type {
    case .regular: return .file
    case .directory: return .folder
    case nil: return path.exists ? .other : nil
    default: return .other
    }
  }

  package func names(in folder: String) async throws(HostError) -> [String]? {
    guard isFolder(FilePath(folder)) else { return nil }
    return try FilePath(folder).folderEntries().map(\.string)
  }

  package func replaceLockFile(_ path: String, with bytes: [UInt8]) async throws(HostError) {
    let place = FilePath(path)
    try place.replaceContents(
      bytes, permissions: [.ownerReadWrite, .groupRead, .otherRead])
    guard geteuid() == 0, let folder = try? place.removingLastComponent().stat() else { return }
    // Whoever writes the manifest and runs meros with sudo must be able to edit it. Where owners cannot be set, root's
    // is as good.
    _ = unsafe place.withPlatformString { unsafe lchown($0, folder.userID.rawValue, folder.groupID.rawValue) }
  }

  private func isFolder(_ path: FilePath) -> Bool { (try? path.stat())?.type == .directory }
}
