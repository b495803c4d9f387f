import Glibc
package import Host
package import SystemPackage

/// An exclusive lock on a file (`flock`), held as long as the value lives; the kernel frees it when the process dies.
@safe
package struct FileLock: ~Copyable {
  private let file: FileDescriptor

  /// nil where somebody else holds it. The file and the folders above it are made.
  package static func take(_ path: FilePath) throws(HostError) -> FileLock? {
    try path.removingLastComponent().makeFolders()
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(
        path, .readWrite, options: [.create, .closeOnExec], permissions: [.ownerReadWrite])
    } catch {
      throw HostError("lock \(path)", .system(errno: error.number, call: "open"))
    }
    if flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 { return FileLock(file: file) }
    let reason = errno
    try? file.close()  // nothing was written
    if reason == EWOULDBLOCK { return nil }
    throw HostError("lock \(path)", .system(errno: reason, call: "flock"))
  }

  /// Waits for it; `waiting` is called once when it must. Throws `cancelled`.
  package static func await(_ path: FilePath, waiting: () -> Void = {}) async throws(HostError) -> FileLock {
    var told = false
    while true {
      if let lock = try take(path) { return lock }
      if !told { waiting() }
      told = true
      do {
        try await Task.sleep(for: .milliseconds(100))
      } catch {
        throw HostError("lock \(path)", .cancelled)
      }
    }
  }

  private init(file: FileDescriptor) { self.file = file }

  deinit {
    // A child that is just being started may hold the same open file until it runs its program: closing is not enough.
    _ = flock(file.rawValue, LOCK_UN)
    // Nothing was written: there is nothing that closing could lose.
    try? file.close()
  }
}
