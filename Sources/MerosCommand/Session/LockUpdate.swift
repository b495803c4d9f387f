package import Manifest

/// What the lock file of a constellation holds, and what it is to hold once the plan is carried out.
package struct LockUpdate: Equatable, Sendable {
  /// Absolute.
  package var path: String
  /// nil: there is no file.
  package var before: LockFile?
  package var after: LockFile

  package init(path: String, before: LockFile?, after: LockFile) {
    self.path = path
    self.before = before
    self.after = after
  }

  /// What the file is to be.
  var text: String { after.text }
  /// The last part of its path.
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  /// What differs, sorted; empty: the file stays as it is.
  package var moves: [LockFile.Move] { (before ?? LockFile()).moves(to: after) }
}
