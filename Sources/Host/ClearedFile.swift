/// What a build does at its end to a file that was laid over the root file system: it clears up behind packages and
/// hooks, and leaves nothing in an image that its machines must not have in common.
package enum ClearedFile: CaseIterable, Sendable {
  /// Deleted.
  case deleted
  /// Left without content.
  case emptied
  /// Deleted or left without content, since each machine has its own.
  case identity

  /// nil for a file that stays as it is.
  /// - Parameters:
  ///   - path: as in trees of files, "tmp/x".
  ///   - isPatched: the image is made of another disk image, of which less is cleared.
  package init?(_ path: String, isPatched: Bool) {
    let found = Self.allCases.first { outcome in
      outcome.patterns(isPatched).contains { Self.matches(path, $0) }
    }
    guard let found else { return nil }
    self = found
  }

  /// A star stands for anything.
  private func patterns(_ isPatched: Bool) -> [String] {
    switch self {
    case .deleted:
      isPatched
        ? []
        : [
          "tmp/*", "var/tmp/*", "run/*", "var/lib/apt/lists/*", "var/cache/apt/archives/*", "var/cache/apt/*.bin",
          "var/cache/apk/*", "var/cache/ldconfig/aux-cache", "var/cache/debconf/*-old", "var/lib/dpkg/*-old",
        ]
    case .emptied: isPatched ? [] : ["var/log/*"]
    case .identity:
      ["etc/machine-id", "etc/ssh/ssh_host_*_key", "etc/ssh/ssh_host_*_key.pub"]
        + (isPatched ? ["var/lib/systemd/random-seed", "var/lib/dbus/machine-id"] : [])
    }
  }

  private static func matches(_ path: String, _ pattern: String) -> Bool {
    guard let star = pattern.firstIndex(of: "*") else { return path == pattern }
    let (beginning, end) = (pattern[..<star], pattern[pattern.index(after: star)...])
    return path.utf8.count >= pattern.utf8.count && path.hasPrefix(beginning) && path.hasSuffix(end)
  }
}
