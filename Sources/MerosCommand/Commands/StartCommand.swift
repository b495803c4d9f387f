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

  @OptionGroup var choice: MachineOptions

  func run() async throws {
    try await choice.request(.start)
  }
}
