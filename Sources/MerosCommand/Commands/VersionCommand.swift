import ArgumentParser
import QMP

struct VersionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version",
    abstract: "Say which meros this is. Needs no privileges.",
    discussion: """
      Examples:
        meros version
        meros version --json
      """)

  @OptionGroup var common: CommonOptions

  func run() async throws {
    let console = common.console()
    let value: JSON = ["meros": .string(merosVersion), "format_version": .string(PlanJSON.formatVersion)]
    console.print(common.json ? "\(value)\n" : "meros \(merosVersion)\n")
  }
}
