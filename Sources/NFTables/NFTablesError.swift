package import Netlink

/// Why a ruleset could not be read or changed.
package enum NFTablesError: Error, Equatable {
  /// The kernel refused the transaction because of these objects; nothing of it was done.
  case refused([Refusal])
  /// Others commit so often that no look at the ruleset holds together.
  case overtaken
  /// A system call or a dump failed.
  case netlink(NetlinkError)
  /// A wanted ruleset holds what this version can only read.
  case unwritable(String)

  package struct Refusal: Hashable, Sendable {
    /// The object as a person would name it: "set guard4 of table bridge meros_lab".
    package var object: String
    package var errno: Int32
    /// What the refused member of a set says of itself; nil where it says nothing and for other objects.
    package var comment: String?

    package init(object: String, errno: Int32, comment: String? = nil) {
      self.object = object
      self.errno = errno
      self.comment = comment
    }
  }
}
