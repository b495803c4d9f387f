import Glibc
import Subprocess

/// Runs programs for tests that may not use meros's own way of running them.
package enum TestProgram {
  /// It ended badly.
  package struct Failure: Error {
    package var command: [String]
    /// As `waitpid(2)` gives it.
    package var status: Int32
    package var output: String
  }

  /// Runs a program and returns what it wrote on both outputs.
  @discardableResult
  package static func run(_ command: [String]) throws(Failure) -> String {
    var ends: [Int32] = [0, 0]
    // A pipe would be open for a moment without O_CLOEXEC, and some other child would hold it.
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw Failure(command: command, status: -1, output: "socketpair")
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
    guard failure == 0 else { throw Failure(command: command, status: -1, output: "\(failure)") }
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
    guard status == 0 else { throw Failure(command: command, status: status, output: output) }
    return output
  }

  /// As `run`, without a thread that waits: for what runs beside the test for long. The threads that all tests share are
  /// as many as processors, and a test that holds one keeps the others from going on.
  package static func runBeside(_ command: [String]) async throws -> String {
    let result = try await Subprocess.run(
      .name(command[0]), arguments: Arguments(Array(command.dropFirst())), output: .string(limit: 1 << 20),
      error: .combinedWithOutput)
    let output = result.standardOutput
    switch result.terminationStatus {
    case .exited(0): return output
    case .exited(let code): throw Failure(command: command, status: code << 8, output: output)
    case .signaled(let signal): throw Failure(command: command, status: signal, output: output)
    }
  }
}
