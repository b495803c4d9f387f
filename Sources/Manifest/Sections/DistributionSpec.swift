package import Diagnostics

/// A distribution to build from.
package struct DistributionSpec: Equatable, Sendable {
  package var distribution: Located<Distribution>
  /// The distribution's usual one where nobody wrote it.
  package var release: Located<String>
  /// nil: what the building tool itself takes.
  package var mirror: Located<String>?
  /// Empty: the tool's own.
  package var components: [Located<String>]
  /// Full lines besides the mirror.
  package var sources: [Located<String>]
  /// Paths of public keys that the mirror is signed with, besides the distribution's own.
  package var keys: [Located<String>]

  package enum Distribution: String, CaseIterable, Sendable {
    case debian, alpine, ubuntu

    package var usualRelease: String {
      switch self {
      case .debian: "bookworm"
      case .alpine: "3.20"
      case .ubuntu: "noble"
      }
    }
  }
}
