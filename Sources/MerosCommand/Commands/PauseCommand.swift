import ArgumentParser
import Reconcile

struct PauseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Let VMs stand still where they are.",
    discussion: """
      They keep their memory and answer to nobody. apply leaves them so and says it; resume lets them go on.

      Examples:
        meros pause lab
        meros pause lab web
      """)

  @Argument(help: "A directory, a manifest or a name.", completion: .constellations)
  var constellation: String
  @Argument(help: ArgumentHelp("VMs; without one, all.", valueName: "vm"), completion: .machines)
  var machines: [String] = []
  @OptionGroup var common: CommonOptions
  @OptionGroup var options: ApplyOptions

  func run() async throws {
    try await Invocation(common, isStream: true).request(.pause, of: machines, in: constellation, options)
  }
}
