import ArgumentParser
import Diagnostics
import Host
import LinuxHost
import SystemPackage

struct ConsoleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "console",
    abstract: "Sit at the serial console of a VM. Ctrl-] leaves.",
    discussion: """
      It shows what is said from now on; meros logs shows what was said before. One person at a time: a second one sees \
      nothing until the first has left.

      Examples:
        meros console lab web
      """)

  @Argument(help: "A directory, a manifest or a name.", completion: .constellations)
  var constellation: String
  @Argument(help: ArgumentHelp("The VM.", valueName: "vm"), completion: .machines)
  var machine: String
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let invocation = Invocation(common)
    try await invocation.leave { () async throws(CommandFailure) in
      try invocation.require([], for: "console")
      let site = try invocation.site(creating: false)
      let roster = try await invocation.roster(constellation, site)
      do throws(Diagnostics) { try roster.requireRunning(roster.entry(machine)) } catch { throw .diagnostics(error) }
      let socket: FileDescriptor
      do throws(HostError) { socket = try site.data.openConsole(machine, of: roster.constellation) } catch {
        throw .host(error)
      }
      let view = SerialConsoleView(machine)
      invocation.console.tell(view.begin)
      Signals.count()
      let console = SerialConsole(
        socket: socket, input: .standardInput, output: .standardOutput, isInterrupted: { Signals.interruptCount > 0 })
      let ending = Terminal.raw(FileDescriptor.standardInput.rawValue) { console.run() }
      invocation.console.tell(view.end(ending))
      return ending == .left ? .success : .failure
    }
  }
}
