import ArgumentParser
import Host
import LinuxHost
import Reconcile

struct DestroyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "destroy",
    abstract: "Take away all that is there of constellations, after showing it and asking.",
    discussion: """
      A constellation whose directory is gone is destroyed by its name. Data disks and what is protected are kept and \
      listed; built images stay in the store.

      Examples:
        meros destroy lab
        meros destroy lab --auto-approve --delete-disk disk.web/web-data
        meros destroy lab --target vm.web
      """)

  @Argument(help: "Directories, manifests or names.", completion: .constellations)
  var constellations: [String]
  @OptionGroup var common: CommonOptions
  @OptionGroup var changes: ChangeOptions
  @OptionGroup var options: ApplyOptions

  func run() async throws {
    let invocation = Invocation(common, isStream: true)
    try await invocation.leave { () async throws(CommandFailure) in
      try invocation.require([.root, .networkAdministration, .systemAdministration], for: "destroy")
      let applier = Applier(invocation, options, isDestruction: true)
      return try await applier.apply(constellations, PlanOptions(changes))
    }
  }
}
