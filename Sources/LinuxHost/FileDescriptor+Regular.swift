import Host
import SystemPackage

extension FileDescriptor {
  /// Opens a regular file to read it. Anything else is never opened, since a pipe would be waited for and a device might
  /// do something: a folder is EISDIR, all the rest `malformed`.
  ///
  /// A link in the last place is followed where `followingLinks` says so, and is `malformed` elsewhere.
  static func openRegular(_ path: FilePath, followingLinks: Bool = true) throws -> FileDescriptor {
    let type = try path.stat(followTargetSymlink: followingLinks).type
    if type == .directory { throw Errno.isDirectory }
    if let kind = specialKind(type) { throw HostError("read \(path)", .malformed("\(path)", "\(kind), and no file")) }
    // What takes the file's place meanwhile is not waited for either.
    let links: OpenOptions = followingLinks ? [] : [.noFollow]
    return try open(path, .readOnly, options: links.union([.closeOnExec, .nonBlocking]))
  }

  /// nil for a regular file.
  private static func specialKind(_ type: FileType) -> String? {
    switch type {
    case .regular: nil
    case .fifo: "a named pipe"
    case .socket: "a socket"
    case .symbolicLink: "a link that leads nowhere"
    default: "a device"
    }
  }
}
