import ArgumentParser
import Reconcile

struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Let VMs go on that were paused.",
    discussion: """
      Examples:
        meros resume lab
        meros resume lab web
      """)

  @Argument(help: "A directory, a manifest or a name.", completion: .constellations)
  var constellation: String
  @Argument(help: ArgumentHelp("VMs; without one, all.", valueName: "vm"), completion: .machines)
  var machines: [String] = []
  @OptionGroup var common: CommonOptions
  @OptionGroup var options: ApplyOptions

  func run() async throws {
    try await Invocation(common, isStream: true).request(.resume, of: machines, in: constellation, options)
  }
}
