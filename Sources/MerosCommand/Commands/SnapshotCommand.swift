import ArgumentParser

struct SnapshotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot",
    abstract: "Save all VMs of a constellation at one point in time, and go back to it.",
    discussion: """
      Disks and memory of all VMs, in their disks. They stand still together while that is written and go on together.

      Examples:
        meros snapshot save lab before-upgrade
        meros snapshot list lab
        meros snapshot restore lab before-upgrade
        meros snapshot delete lab before-upgrade
      """,
    subcommands: [
      SnapshotSaveCommand.self, SnapshotListCommand.self, SnapshotRestoreCommand.self, SnapshotDeleteCommand.self,
    ])
}
