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

  @OptionGroup var choice: MachineOptions
  @OptionGroup var grace: GraceOptions

  func run() async throws {
    try await choice.request(.restart(grace: grace.duration))
  }
}
