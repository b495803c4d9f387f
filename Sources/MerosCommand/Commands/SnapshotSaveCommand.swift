import ArgumentParser

struct SnapshotSaveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "save",
    abstract: "Save all VMs of a constellation at one point in time.",
    discussion: """
      Those that run are saved with their memory, those that are off with their disks alone. When one cannot be saved, \
      or on an interrupt, nothing stays and all go on. One of the same name is in the way, unless --force replaces it.

      Examples:
        meros snapshot save lab before-upgrade
        meros snapshot save lab nightly --force --json
      """)

  @OptionGroup var options: SnapshotOptions
  @Flag(help: "Replace one of this name once the new one is there.")
  var force = false

  func run() async throws {
    let (name, force) = (options.name, force)
    try await options.run("save") { (session, view) async throws(SnapshotFailure) in
      view.saved(try await session.save(name, replaces: force))
    }
  }
}
