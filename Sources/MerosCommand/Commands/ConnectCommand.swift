import ArgumentParser
import Glibc
import LinuxHost
import SystemPackage

struct ConnectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "connect",
    abstract: "Log in to a VM with ssh, or run a command in it.",
    discussion: """
      The VM's host key must be the pinned one; nothing is asked. The exit code is that of the command, 255 when ssh \
      itself failed. A command of one word is given to the VM's shell as it is; of several, each reaches the program as \
      it was written. With --display the screen of a VM with a display is shown instead, by vncviewer on the desktop \
      here.

      Examples:
        meros connect lab web
        meros connect lab web -- systemctl status nginx
        meros connect lab web -- 'dmesg | tail -n 5'
        meros connect lab web --display
        tar -c site | meros connect lab web -- tar -x -C /srv
      """)

  @Argument(help: "A directory, a manifest or a name.", completion: .constellations)
  var constellation: String
  @Argument(help: ArgumentHelp("The VM.", valueName: "vm"), completion: .machines)
  var machine: String
  @Argument(parsing: .postTerminator, help: "What to run instead of a shell, after --.")
  var command: [String] = []
  @Flag(name: .customLong("display"), help: "Show the VM's screen in a window.")
  var showsDisplay = false
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if showsDisplay, !command.isEmpty { throw ValidationError("--display runs no command in the VM") }
  }

  func run() async throws {
    let invocation = Invocation(common)
    try await invocation.leave { () async throws(CommandFailure) in
      try invocation.require([], for: "connect")
      let site = try invocation.site(creating: false)
      if showsDisplay {
        let socket = try await invocation.display(of: machine, of: constellation, site)
        try invocation.become(Program("vncviewer", [socket.string]), "show the display of vm.\(machine)", site)
      }
      let login = try await invocation.login(to: machine, of: constellation, site)
      let hasTerminal = isatty(0) == 1 && isatty(1) == 1
      let program = Program("ssh", Self.arguments(login, command, hasTerminal: hasTerminal))
      try invocation.become(program, "log in to vm.\(machine)", site)
    }
  }

  /// What ssh is told.
  static func arguments(_ login: SSHLogin, _ command: [String], hasTerminal: Bool) -> [String] {
    // By itself ssh gives a terminal to shells only.
    let words = login.options + [hasTerminal ? "-t" : "-T", login.destination]
    guard !command.isEmpty else { return words }
    return words + ["--", command.count == 1 ? command[0] : ShellCommand(command).text]
  }
}
