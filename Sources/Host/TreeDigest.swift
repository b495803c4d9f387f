/// What a folder's files amount to: names, contents, link targets and modes, not times and owners.
package struct TreeDigest: Hashable, Sendable {
  /// SHA-256 over every entry in the order of their names, in lower-case hexadecimal.
  package var digest: String
  /// The digest of each entry by its path in the folder, "etc/motd"; a folder's ends in "/". Bytes that are no printable
  /// text are written `\x0a`, and a backslash twice.
  package var entries: [String: String]

  package init(digest: String, entries: [String: String]) {
    self.digest = digest
    self.entries = entries
  }
}
