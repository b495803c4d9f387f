import ArgumentParser

struct SnapshotDeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Delete a snapshot of a constellation, also one that is not whole.",
    discussion: """
      VMs go on meanwhile.

      Examples:
        meros snapshot delete lab before-upgrade
      """)

  @OptionGroup var options: SnapshotOptions

  func run() async throws {
    let name = options.name
    try await options.run("delete") { (session, view) async throws(SnapshotFailure) in
      view.deleted(try await session.remove(name))
    }
  }
}
