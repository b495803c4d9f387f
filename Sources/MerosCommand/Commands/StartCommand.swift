import ArgumentParser
import Reconcile

struct StartCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Start VMs and what they stand on, also those that were shut down.",
    discussion: """
      Examples:
        meros start lab
        meros start lab web
      """)

  @Argument(help: "A directory, a manifest or a name.", completion: .constellations)
  var constellation: String
  @Argument(help: ArgumentHelp("VMs; without one, all.", valueName: "vm"), completion: .machines)
  var machines: [String] = []
  @OptionGroup var common: CommonOptions
  @OptionGroup var options: ApplyOptions

  func run() async throws {
    try await Invocation(common, isStream: true).request(.start, of: machines, in: constellation, options)
  }
}
