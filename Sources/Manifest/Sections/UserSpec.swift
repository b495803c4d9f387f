package import Diagnostics

/// A login besides root.
package struct UserSpec: Equatable, Sendable {
  package var name: Located<String>
  /// Public keys, one line each, that may log in besides meros's own.
  package var keys: [Located<String>]
}
