import Glibc
import Host
import SystemPackage

/// The processes of a user, from /proc: one look at each process, for the few of the user more.
enum UserProcesses {
  static func all(of user: UInt32) throws(HostError) -> [Int32] {
    guard isActive(user) else { return [] }
    guard let folder = unsafe opendir("/proc") else { throw HostError("list /proc", .lastCall("opendir")) }
    defer { unsafe closedir(folder) }
    var found: [Int32] = []
    var status = stat()
    while let entry = unsafe readdir(folder) {
      let pid = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe atoi($0) }
      }
      // A process that has no memory any more belongs to root.
      if pid > 0, unsafe stat("/proc/\(pid)", &status) == 0, status.st_uid == user { found.append(pid) }
    }
    return found
  }

  /// nil for a process that ended, also for one that nobody has reaped yet.
  static func commandLine(of pid: Int32) -> [String]? { strings("/proc/\(pid)/cmdline") }

  /// `NAME=VALUE`, as the process was started; nil for one that ended.
  static func environment(of pid: Int32) -> [String]? { strings("/proc/\(pid)/environ") }

  private static func strings(_ path: String) -> [String]? {
    // A process may end at any moment; then there is nothing to read.
    guard let bytes = try? FilePath(path).contents(limit: 1 << 20), !bytes.isEmpty else { return nil }
    return bytes.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Some process runs as this user: one call where a look at every process would be hundreds.
  private static func isActive(_ user: UInt32) -> Bool {
    errno = 0
    return getpriority(__priority_which_t(PRIO_USER.rawValue), user) != -1 || errno != ESRCH
  }
}
