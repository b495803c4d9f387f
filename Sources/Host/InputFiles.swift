/// What stands beside a manifest: trees of files, hooks, kernels, fragments, and the lock file, which alone is written.
/// Files are regular ones or links to such; a pipe, a socket, a device and a link that leads nowhere are `malformed`.
package protocol InputFiles: Sendable {
  /// The digest of every entry below a folder (kind, mode, content or link target) by its path within it, "etc/motd"; a
  /// folder's path ends in "/". nil when there is no such folder. A special file in it is `malformed`.
  func tree(_ folder: String) async throws(HostError) -> InputTree?
  /// The digest of one file; nil when there is none.
  func file(_ path: String) async throws(HostError) -> String?
  /// The first `count` bytes of one file, or all that there are; nil when there is none.
  func beginning(of path: String, count: Int) async throws(HostError) -> [UInt8]?
  /// The bytes of one file of at most 32 MiB; nil when there is none.
  func contents(of path: String) async throws(HostError) -> [UInt8]?
  /// What a path leads to, links followed; nil where nothing has this name.
  func kind(of path: String) async throws(HostError) -> InputKind?
  /// The names of the entries of a folder, sorted; nil when there is no such folder.
  func names(in folder: String) async throws(HostError) -> [String]?
  /// Makes the lock file hold these bytes: written beside its place and renamed, for all to read, the folder's owner's.
  func replaceLockFile(_ path: String, with bytes: [UInt8]) async throws(HostError)
}

/// What lies in a folder beside a manifest.
package struct InputTree: Equatable, Sendable {
  /// The digest of every entry by its path.
  package var entries: [String: String]
  /// The files that fewer may read where they lie than in an image, since only git's modes of them are taken.
  package var withheld: [String]

  package init(entries: [String: String], withheld: [String] = []) {
    self.entries = entries
    self.withheld = withheld
  }
}

/// What stands beside a manifest under some name.
package enum InputKind: Hashable, Sendable {
  case file, folder
  /// A pipe, a socket, a device, or a link that leads nowhere.
  case other
}
