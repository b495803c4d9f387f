import Host
import LinuxHost
import Network
import SystemPackage
import Testing

@testable import MerosCommand

@Test func aCommandOfSeveralWordsReachesTheProgramAsItIs() throws {
  let data = try DataDirectory.open("/tmp/nowhere", create: false)
  let login = SSHLogin(to: "web", at: .v6(1), of: "lab", in: data)
  func end(_ command: [String], hasTerminal: Bool = false) -> [String] {
    Array(ConnectCommand.arguments(login, command, hasTerminal: hasTerminal).dropFirst(login.options.count))
  }
  #expect(end([]) == ["-T", "root@::1"])
  #expect(end(["top"], hasTerminal: true) == ["-t", "root@::1", "--", "top"])
  #expect(end(["a | b"]) == ["-T", "root@::1", "--", "a | b"])
  #expect(end(["echo", "a b", "$x"]) == ["-T", "root@::1", "--", "echo 'a b' '$x'"])
  #expect(login.place("/srv") == "root@[::1]:/srv")
}

@Suite(.enabled(if: TestServer.isAvailable, "needs root, ip and sshd"))
struct ConnectOnServerTests {
  @Test func aCommandRunsWithItsOutputAndExitCode() async throws {
    try await TestServer.with { server in
      let said = try await server.run("printf", "%s|", "a  b", "c\nd", "$HOME")
      #expect(String(decoding: said.output, as: UTF8.self) == "a  b|c\nd|$HOME|")
      #expect(try await server.run("exit 7").termination == .exited(7))
    }
  }

  @Test func aChangedHostKeyIsRefused() async throws {
    try await TestServer.with { server in
      try await LinuxKeys(server.data).ensure(.host(vm: "other"), of: "lab")
      let other = try FilePath("\(server.data.key(.host(vm: "other"), of: "lab")).pub").contents()
      try server.login.knownHosts.replaceContents(Array("web ".utf8) + other)
      let refused = try await server.run("true")
      #expect(refused.termination == .exited(255))
      #expect(refused.lastLines.contains { $0.contains("Host key verification failed") })
    }
  }

  @Test func theConfigurationOfSSHLogsInFromOutsideTheNamespace() async throws {
    try await TestServer.with { server in
      let roster = Roster("lab", written: [("web", .v4(0x7f00_0001))], running: [], traces: [])
      let file = server.folder.appending("ssh_config")
      let view = SSHConfigView(roster, in: server.data, networkNamespace: server.namespaceName)
      try file.replaceContents(Array(view.text.utf8))
      for name in ["web.lab", "lab-web"] {
        let ssh = Program("ssh", ["-n", "-F", file.string, name, "echo here"], capturesOutput: true)
        let said = try await ssh.run("log in")
        #expect(String(decoding: said.output, as: UTF8.self) == "here\n")
      }
    }
  }
}
