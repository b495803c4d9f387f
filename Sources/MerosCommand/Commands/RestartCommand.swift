import ArgumentParser
import Reconcile

struct RestartCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restart",
    abstract: "Let VMs power down and start them again, as the manifest has them now.",
    discussion: """
      Examples:
        meros restart lab web
        meros restart lab --timeout 10
      """)

  @Argument(help: "A directory, a manifest or a name.", completion: .constellations)
  var constellation: String
  @Argument(help: ArgumentHelp("VMs; without one, all.", valueName: "vm"), completion: .machines)
  var machines: [String] = []
  @OptionGroup var common: CommonOptions
  @OptionGroup var options: ApplyOptions
  @OptionGroup var grace: GraceOptions

  func run() async throws {
    try await Invocation(common, isStream: true).request(
      .restart(grace: grace.duration), of: machines, in: constellation, options)
  }
}
