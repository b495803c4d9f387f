/// Reads what stands beside a manifest: trees of files, hooks, kernels.
package protocol InputFiles: Sendable {
  /// The digest of everything below a folder, by path within it ("etc/motd"): SHA-256 in lower-case hexadecimal of what
  /// counts of an entry (kind, mode as git has it within a git work tree and as it is outside, content or link target).
  /// nil when there is no such folder. A special file or a name that no file system of a guest takes is `malformed`.
  func tree(_ folder: String) async throws(HostError) -> [String: String]?
  /// The digest of one file; nil when there is none.
  func file(_ path: String) async throws(HostError) -> String?
  /// The names of the entries of a folder, sorted; nil when there is no such folder.
  func names(in folder: String) async throws(HostError) -> [String]?
}
