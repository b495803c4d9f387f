import ArgumentParser
import Host
import LinuxHost

struct SnapshotListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the snapshots of a constellation, as its disks hold them.",
    discussion: """
      Examples:
        meros snapshot list lab
        meros snapshot list lab --json
      """)

  @Argument(help: "A directory, a manifest or a name.", completion: .constellations)
  var constellation: String
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let invocation = Invocation(common)
    try await invocation.leave { () async throws(CommandFailure) in
      try invocation.require([.root], for: "snapshot list")
      let site = try invocation.site(creating: false)
      let session = try await invocation.snapshots(of: constellation, site)
      let view = SnapshotView(of: constellation, isJSON: common.json)
      let groups: [SnapshotGroup]
      do throws(SnapshotFailure) { groups = try await session.groups() } catch {
        throw .snapshot(error, of: constellation)
      }
      invocation.console.print(view.list(groups, invocation.console.paint))
      return .success
    }
  }
}
