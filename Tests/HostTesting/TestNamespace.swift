import Glibc

/// A network namespace of a test's own, removed when the test ends.
package struct TestNamespace: Sendable {
  /// As `ip netns` knows it.
  package let name: String

  /// Namespaces can be made here: root, and the `ip` program.
  package static var isAvailable: Bool {
    guard geteuid() == 0, unsafe access("/dev/net/tun", R_OK) == 0 else { return false }
    return (try? run(["ip", "-V"])) != nil
  }

  /// Makes a namespace, runs `body`, and removes the namespace whatever happened. Only a few tests do so at once.
  package static func with<R>(_ body: (TestNamespace) async throws -> R) async throws -> R {
    try await Turnstile.kernel.pass { try await make(body) }
  }

  private static func make<R>(_ body: (TestNamespace) async throws -> R) async throws -> R {
    try removeAbandoned()
    let namespace = TestNamespace(name: "\(prefix)\(getpid())-\(UInt32.random(in: 0 ... .max))")
    try run(["ip", "netns", "add", namespace.name])
    do {
      let result = try await body(namespace)
      try run(["ip", "netns", "delete", namespace.name])
      return result
    } catch {
      // What the test found matters more than that the removal failed too.
      _ = try? run(["ip", "netns", "delete", namespace.name])
      throw error
    }
  }

  /// Runs a program inside and returns what it wrote.
  @discardableResult
  package func run(_ command: String...) throws(CommandFailure) -> String {
    try Self.run(["ip", "netns", "exec", name] + command)
  }

  /// Runs `ip` inside and returns what it wrote.
  @discardableResult
  package func ip(_ arguments: String...) throws(CommandFailure) -> String {
    try Self.run(["ip", "-n", name] + arguments)
  }

  /// The ids of the processes inside, as `ip netns pids` prints them.
  package func pids() throws(CommandFailure) -> String { try Self.run(["ip", "netns", "pids", name]) }

  /// A program of a test ended badly.
  package struct CommandFailure: Error {
    package var command: [String]
    /// As `waitpid(2)` gives it.
    package var status: Int32
    package var output: String
  }

  private static let prefix = "meros-test-"

  /// Removes the namespaces of test runs that were killed.
  private static func removeAbandoned() throws(CommandFailure) {
    for line in try run(["ip", "netns", "list"]).split(separator: "\n") {
      guard let name = line.split(separator: " ").first, name.hasPrefix(prefix),
        let pid = name.dropFirst(prefix.count).split(separator: "-").first.flatMap({ Int32($0) }),
        kill(pid, 0) != 0, errno == ESRCH
      else { continue }
      // Another test may have removed it meanwhile.
      _ = try? run(["ip", "netns", "delete", String(name)])
    }
  }

  /// Runs a program and returns what it wrote on both outputs.
  @discardableResult
  private static func run(_ command: [String]) throws(CommandFailure) -> String {
    var ends: [Int32] = [0, 0]
    // A pipe would be open for a moment without O_CLOEXEC, and some other child would hold it.
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw CommandFailure(command: command, status: -1, output: "socketpair")
    }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
    var arguments = unsafe command.map { unsafe strdup($0) } + [nil]
    defer { unsafe arguments.forEach { unsafe free($0) } }
    var pid: pid_t = 0
    let failure = unsafe posix_spawnp(&pid, command[0], &actions, nil, &arguments, environ)
    _ = close(ends[1])
    defer { _ = close(ends[0]) }
    guard failure == 0 else { throw CommandFailure(command: command, status: -1, output: "\(failure)") }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe read(ends[0], &buffer, buffer.count)
      if count <= 0 { break }
      bytes += buffer[..<count]
    }
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
    let output = String(decoding: bytes, as: UTF8.self)
    guard status == 0 else { throw CommandFailure(command: command, status: status, output: output) }
    return output
  }
}
