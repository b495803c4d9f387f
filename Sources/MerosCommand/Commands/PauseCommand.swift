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

  @OptionGroup var choice: MachineOptions

  func run() async throws {
    try await choice.request(.pause)
  }
}
