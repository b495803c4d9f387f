import Glibc
import Host
import HostTesting
import LinuxHost
import SystemPackage
import Testing

/// The program that was built with the tests, run as a person runs it: on a ground's namespace and data directory.
struct MerosProgram {
  let ground: Ground
  let path: FilePath

  /// How a run ended.
  struct Ending {
    var code: Int32
    /// Results.
    var output: String
    /// The last lines of everything else.
    var diagnostics: String
  }

  init(_ ground: Ground) throws {
    self.ground = ground
    let tests = unsafe try #require(realpath("/proc/self/exe", nil))
    defer { unsafe free(tests) }
    path = unsafe FilePath(platformString: tests).removingLastComponent().appending("meros")
    #expect(path.exists, "the program stands beside its tests")
  }

  /// - Parameter variables: set in its environment besides.
  func run(_ arguments: [String], _ variables: [String: String] = [:]) async throws -> Ending {
    var environment = [
      "MEROS_DATA": ground.folder.appending("data").string, "MEROS_NETNS": ground.namespace.name, "NO_COLOR": "1",
    ]
    environment.merge(variables) { $1 }
    let program = Program(
      path.string, arguments, environment: environment, in: ground.folder, capturesOutput: true)
    let result = try await program.result("run meros")
    var code: Int32 = -1
    if case .exited(let number) = result.termination { code = number }
    return Ending(
      code: code, output: String(decoding: result.output, as: UTF8.self),
      diagnostics: result.lastLines.joined(separator: "\n"))
  }

  /// Starts it in the namespace, to be killed; its results go into a file of the ground, what else it says is lost.
  func start(_ arguments: [String], output: String = "/dev/null") throws -> pid_t {
    let data = ground.folder.appending("data")
    return try ground.start(
      "cd \(ground.folder) && MEROS_DATA=\(data) exec \(path) \(arguments.joined(separator: " "))", output: output)
  }
}
