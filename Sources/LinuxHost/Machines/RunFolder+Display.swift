import Glibc
import Host
import SystemPackage

/// The display of a machine: QEMU makes its socket itself, in a folder that is its own for so long.
extension RunFolder {
  static let displayName = "vnc.sock"
  /// Where a viewer connects.
  var display: FilePath { vnc.appending(Self.displayName) }

  /// A folder in which the user `owner` may make a socket.
  func openVNC(owner: UInt32) throws(HostError) -> Int32 {
    let attempted = "open \(vnc)"
    try vnc.makeFolders()
    let folder = try open(attempted)
    guard fchown(folder, owner, owner) == 0 else {
      let cause = HostError.Cause.lastCall("fchown")
      _ = close(folder)
      throw HostError(attempted, cause)
    }
    return folder
  }

  /// Makes folder and socket ours, once the socket is there: nobody else opens it, and QEMU makes nothing more.
  func takeDisplay() throws(HostError) {
    let attempted = "take over \(display)"
    let folder = try open(attempted)
    defer { _ = close(folder) }
    let (user, group) = (geteuid(), getegid())
    func check(_ result: Int32, _ call: String) throws(HostError) {
      guard result == 0 else { throw HostError(attempted, .lastCall(call)) }
    }
    try check(fchown(folder, user, group), "fchown")
    try check(fchmod(folder, 0o700), "fchmod")
    // From here on nobody puts anything else in its place.
    var status = stat()
    try check(unsafe fstatat(folder, Self.displayName, &status, AT_SYMLINK_NOFOLLOW), "fstatat")
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw HostError(attempted, .malformed("\(display)", "not a socket"))
    }
    try check(unsafe fchownat(folder, Self.displayName, user, group, AT_SYMLINK_NOFOLLOW), "fchownat")
    try check(unsafe fchmodat(folder, Self.displayName, 0o600, 0), "fchmodat")
  }

  private func open(_ attempted: String) throws(HostError) -> Int32 {
    let descriptor = unsafe vnc.withPlatformString {
      unsafe Glibc.open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
    }
    guard descriptor >= 0 else { throw HostError(attempted, .lastCall("open")) }
    return descriptor
  }
}
