import ArgumentParser
import Reconcile

struct ShutdownCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shutdown",
    abstract: "Let VMs power down, and leave them so until somebody starts them.",
    discussion: """
      The guest is asked to power down; one that has not after the time-out is ended. What it was is kept: apply leaves \
      the VM at rest and says so, start starts it.

      Examples:
        meros shutdown lab
        meros shutdown lab web db --timeout 10
      """)

  @OptionGroup var choice: MachineOptions
  @OptionGroup var grace: GraceOptions

  func run() async throws {
    try await choice.request(.shutdown(grace: grace.duration))
  }
}
