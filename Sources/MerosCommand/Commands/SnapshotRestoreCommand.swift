import ArgumentParser

struct SnapshotRestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Make all VMs of a constellation what they were when they were saved.",
    discussion: """
      What was written since is lost. A VM that ran goes on from there, its clock too: its RTC has the time of the host \
      (hwclock --hctosys in the guest, or its NTP client, sets the clock). Each VM must be what it was by its manifest, \
      and run where it ran. When it fails halfway, all are left standing still: try again, or restart them.

      Examples:
        meros snapshot restore lab before-upgrade
      """)

  @OptionGroup var options: SnapshotOptions

  func run() async throws {
    let name = options.name
    try await options.run("restore") { (session, view) async throws(SnapshotFailure) in
      view.restored(try await session.restore(name))
    }
  }
}
