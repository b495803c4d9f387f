import Glibc
import Host
import HostTesting
import LinuxHost
import Netlink
import Network
import SystemPackage

@testable import MerosCommand

/// An ssh server that passes for a VM: it has the VM's host key and lets the constellation's key in, in a network
/// namespace of its own and with an empty home for root.
struct TestServer: Sendable {
  let data: DataDirectory
  let namespace: NetworkNamespace
  let namespaceName: String
  let login: SSHLogin
  /// A folder for the test's files, which the server sees too.
  let folder: FilePath

  static let sshd = "/usr/sbin/sshd"

  static var isAvailable: Bool { unsafe access(sshd, X_OK) == 0 && TestNamespace.isAvailable }

  /// - Parameter programs: names in /usr/bin that cannot be run on the server.
  static func with(
    hiding programs: [String] = [], _ body: (TestServer) async throws -> Void
  ) async throws {
    try await TestNamespace.with { space in
      try space.ip("link", "set", "lo", "up")
      let folder = FilePath("/tmp/meros-test-\(getpid())-\(UInt64.random(in: 0 ... .max))/with blank")
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      let keys = LinuxKeys(data)
      try await keys.ensure(.client, of: "lab")
      try await keys.ensure(.host(vm: "web"), of: "lab")
      let server = TestServer(
        data: data, namespace: try .named(space.name), namespaceName: space.name,
        login: SSHLogin(to: "web", at: .v4(0x7f00_0001), of: "lab", in: data), folder: folder)
      let result: Result<Void, any Error>
      do {
        try await server.serve(hiding: programs) { try await body(server) }
        result = .success(())
      } catch {
        result = .failure(error)
      }
      try folder.removingLastComponent().removeTree()
      try result.get()
    }
  }

  private func serve(hiding programs: [String], _ body: () async throws -> Void) async throws {
    let configuration = """
      ListenAddress 127.0.0.1
      HostKey "\(data.key(.host(vm: "web"), of: "lab"))"
      AuthorizedKeysFile "\(data.key(.client, of: "lab")).pub"
      PasswordAuthentication no
      KbdInteractiveAuthentication no
      PermitRootLogin prohibit-password
      StrictModes no
      UsePAM no
      PidFile none
      Subsystem sftp internal-sftp

      """
    let file = folder.appending("sshd_config")
    try file.replaceContents(Array(configuration.utf8))
    // What is mounted here is seen by nobody else, and gone with the server.
    let hidden = programs.map { "mount --bind /dev/null /usr/bin/\($0) && " }.joined()
    let script = "mount -t tmpfs none /root && mkdir -p /run/sshd && \(hidden)exec \(Self.sshd) -D -e -f \"$0\""
    let program = Program("unshare", ["--mount", "sh", "-c", script, file.string]).inside(namespace)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { _ = try await program.run("serve ssh") }
      defer { group.cancelAll() }
      try await awaitAnswer()
      try await body()
    }
  }

  private func awaitAnswer() async throws {
    try await eventually { try await run("true").termination == .exited(0) }
  }

  /// Runs a command on the server, as `connect` does.
  func run(_ command: String...) async throws -> ProgramResult {
    let arguments = ["-n"] + ConnectCommand.arguments(login, command, hasTerminal: false)
    return try await Program("ssh", arguments, timeout: .seconds(300), capturesOutput: true).inside(namespace)
      .result("run \(command)")
  }
}
