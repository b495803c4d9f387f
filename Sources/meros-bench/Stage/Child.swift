import Glibc
import LinuxHost
import Netlink
import SystemPackage

/// A program that was started for a measurement.
struct Child {
  let pid: Int32
  let command: [String]

  /// POSIX_SPAWN_SETSID (spawn.h), which glibc shows to GNU sources alone.
  private static let setSession: Int16 = 0x80

  /// How it ended, and what it cost.
  struct End {
    /// As `waitpid(2)` gives it.
    var status: Int32
    /// In user and system mode together, of its own children too.
    var processorTime: Duration
  }

  /// - Parameters:
  ///   - hasOwnSession: a busy machine may share its processors out by session; meros gives each QEMU one.
  ///   - output: receives stdout and stderr; nil throws them away.
  static func start(
    _ command: [String], in namespace: NetworkNamespace = .current, hasOwnSession: Bool = false,
    output: FilePath? = nil
  ) throws -> Child {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(
      &actions, 1, output?.string ?? "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    unsafe posix_spawnattr_setflags(&attributes, hasOwnSession ? setSession : 0)
    var arguments = unsafe command.map { unsafe strdup($0) } + [nil]
    defer { unsafe arguments.forEach { unsafe free($0) } }
    var pid: pid_t = 0
    // The child begins in the namespace of the thread that starts it.
    let failure = try namespace.run { () throws(NetlinkError) -> Int32 in
      unsafe posix_spawnp(&pid, command[0], &actions, &attributes, &arguments, environ)
    }
    guard failure == 0 else { throw ChildFailure(command: command, status: failure, output: "cannot be started") }
    return Child(pid: pid, command: command)
  }

  func end() -> End {
    var status: Int32 = 0
    var usage = rusage()
    while unsafe wait4(pid, &status, 0, &usage) < 0, errno == EINTR {}
    return End(status: status, processorTime: Duration(usage.ru_utime) + Duration(usage.ru_stime))
  }

  /// Runs a program to its end; it must succeed.
  @discardableResult
  static func run(
    _ command: [String], in namespace: NetworkNamespace = .current, output: FilePath? = nil
  ) throws -> End {
    let end = try start(command, in: namespace, output: output).end()
    guard end.status == 0 else {
      let text = (try? output?.contents()).map { String(decoding: $0.suffix(4096), as: UTF8.self) } ?? ""
      throw ChildFailure(command: command, status: end.status, output: text)
    }
    return end
  }
}

struct ChildFailure: Error, CustomStringConvertible {
  var command: [String]
  var status: Int32
  var output: String

  var description: String { "\(command.joined(separator: " ")) ended with status \(status)\n\(output)" }
}

extension Duration {
  fileprivate init(_ time: timeval) { self = .seconds(time.tv_sec) + .microseconds(time.tv_usec) }
}
