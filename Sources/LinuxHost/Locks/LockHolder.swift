import Glibc
import Host
import SystemPackage

/// Who holds a lock: the process's id, written in the locked file for others to read. Only a hint: the lock is the
/// kernel's.
enum LockHolder {
  /// Into the file itself: renaming another one over it would leave the lock on a file that nobody finds.
  static func write(to path: FilePath) throws(HostError) {
    do {
      let file = try FileDescriptor.open(path, .writeOnly, options: [.truncate, .closeOnExec])
      try file.closeAfter { _ = try file.writeAll(Array("\(getpid())\n".utf8)) }
    } catch {
      throw HostError("write \(path)", .system(errno: error.number, call: "write"))
    }
  }

  /// nil where it does not say.
  static func read(from path: FilePath) -> Int32? {
    // Whoever holds it may be writing just now.
    guard let bytes = try? path.contents(limit: 64) else { return nil }
    return Int32(String(decoding: bytes, as: UTF8.self).prefix { $0.isNumber })
  }
}
