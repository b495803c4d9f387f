import Glibc

/// A network namespace of a test's own, removed when the test ends.
package struct TestNamespace: Sendable {
  /// As `ip netns` knows it.
  package let name: String

  /// Namespaces can be made here: root, and the `ip` program.
  package static var isAvailable: Bool {
    guard geteuid() == 0, unsafe access("/dev/net/tun", R_OK) == 0 else { return false }
    return (try? TestProgram.run(["ip", "-V"])) != nil
  }

  /// Makes a namespace, runs `body`, and removes the namespace whatever happened. Only a few tests do so at once.
  package static func with<R>(_ body: (TestNamespace) async throws -> R) async throws -> R {
    try await Turnstile.kernel.pass { try await make(body) }
  }

  private static func make<R>(_ body: (TestNamespace) async throws -> R) async throws -> R {
    try removeAbandoned()
    let namespace = TestNamespace(name: "\(prefix)\(getpid())-\(UInt32.random(in: 0 ... .max))")
    try TestProgram.run(["ip", "netns", "add", namespace.name])
    do {
      let result = try await body(namespace)
      try TestProgram.run(["ip", "netns", "delete", namespace.name])
      return result
    } catch {
      // What the test found matters more than that the removal failed too.
      _ = try? TestProgram.run(["ip", "netns", "delete", namespace.name])
      throw error
    }
  }

  /// Runs a program inside and returns what it wrote.
  @discardableResult
  package func run(_ command: String...) throws(TestProgram.Failure) -> String {
    try TestProgram.run(["ip", "netns", "exec", name] + command)
  }

  /// Runs a program inside that goes on beside the test, and returns what it wrote.
  package func runBeside(_ command: String...) async throws -> String {
    try await TestProgram.runBeside(["ip", "netns", "exec", name] + command)
  }

  /// Runs `ip` inside and returns what it wrote.
  @discardableResult
  package func ip(_ arguments: String...) throws(TestProgram.Failure) -> String {
    try TestProgram.run(["ip", "-n", name] + arguments)
  }

  /// The ids of the processes inside, as `ip netns pids` prints them.
  package func pids() throws(TestProgram.Failure) -> String { try TestProgram.run(["ip", "netns", "pids", name]) }

  private static let prefix = "meros-test-"

  /// Removes the namespaces of test runs that were killed.
  private static func removeAbandoned() throws(TestProgram.Failure) {
    for line in try TestProgram.run(["ip", "netns", "list"]).split(separator: "\n") {
      guard let name = line.split(separator: " ").first, name.hasPrefix(prefix),
        let pid = name.dropFirst(prefix.count).split(separator: "-").first.flatMap({ Int32($0) }),
        kill(pid, 0) != 0, errno == ESRCH
      else { continue }
      // Another test may have removed it meanwhile.
      _ = try? TestProgram.run(["ip", "netns", "delete", String(name)])
    }
  }
}
