import ArgumentParser
import Host
import LinuxHost
import Reconcile
import Resources

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show what is there of constellations, and whether it is as it should be.",
    discussion: """
      Of VMs also how they are doing: since when they run, what they have used of processors and memory, where they are \
      reached, and what they were made of. What differs from the manifest waits for apply.

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
      let site = try invocation.site(creating: false)
      let (goals, warnings) = try await invocation.goals(constellations, site, site.host, observing: true)
      invocation.warn(warnings)
      let proposals = try await invocation.proposals(for: goals, site, site.host) { _ in PlanOptions() }
      let processes = proposals.map(\.observation).flatMap(Since.processes)
      let view = StatusView(
        proposals, vitals: await site.host.machines.vitals(of: processes), now: currentSecond(), data: site.data)
      invocation.console.print(common.json ? view.json : view.text(invocation.console.paint))
      return .success
    }
  }
}
