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

  @OptionGroup var choice: MachineOptions

  func run() async throws {
    try await choice.request(.resume)
  }
}
