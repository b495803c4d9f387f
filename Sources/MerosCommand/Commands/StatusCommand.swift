import ArgumentParser
import Host
import LinuxHost
import Reconcile

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show what is there of constellations, and whether it is as it should be.",
    discussion: """
      Examples:
        meros status lab
        meros status lab --json
      """)

  @Argument(help: "Directories, manifests or names.", completion: .constellations)
  var constellations: [String]
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let invocation = Invocation(common)
    try await invocation.leave { () async throws(CommandFailure) in
      try invocation.require([.networkAdministration], for: "status")
      let (proposals, warnings) = try await Planner(invocation, isDestruction: false)
        .proposals(constellations, PlanOptions())
      invocation.warn(warnings)
      let view = StatusView(proposals)
      invocation.console.print(common.json ? view.json : view.text(invocation.console.paint))
      return .success
    }
  }
}
