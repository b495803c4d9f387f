import Glibc
package import Host
package import SystemPackage

/// Where locks lie: a folder that is empty after each boot, and that everybody finds who works on the same host.
package enum LockFolder {
  /// `/run/lock/meros` for root, else `meros` in the user's own runtime folder. Whoever is root in a user namespace of
  /// their own is still that user outside, and what is there belongs to others.
  package static func path() throws(HostError) -> FilePath {
    let folder = unsafe getenv("XDG_RUNTIME_DIR")
    if geteuid() == 0, unsafe UserMap.current.isWhole || folder == nil { return "/run/lock/meros" }
    guard let folder = unsafe folder else {
      throw HostError("lock", .missing("XDG_RUNTIME_DIR, the folder for sockets and locks of a user who is not root"))
    }
    return unsafe FilePath(platformString: folder).appending("meros")
  }
}
