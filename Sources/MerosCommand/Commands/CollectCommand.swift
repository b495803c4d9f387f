import ArgumentParser
import Host
import LinuxHost

struct CollectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc",
    abstract: "Remove what was built and nobody uses, after showing it and asking.",
    discussion: """
      Kept is what disks stand on, what machines run with, what a meros at work needs, what these was made of, and what \
      manifests want: those that are named, and those of constellations with disks that are found by their names.

      Examples:
        meros gc --dry-run
        meros gc --keep 3             besides the three newest of each kind
        meros gc ../lab --keep 14d    besides what is at most 14 days old
      """)

  @Argument(help: "Constellations that are not found by their names.", completion: .constellations)
  var constellations: [String] = []
  @Option(
    help: ArgumentHelp(
      "Keep so many of each kind, the newest (3), or what is not older (36h, 14d).", valueName: "count|age"))
  var keep: Retention.Keep?
  @Flag(help: "Only show what would be removed.")
  var dryRun = false
  @Flag(name: [.customLong("auto-approve"), .customShort("y")], help: "Do not ask.")
  var isApproved = false
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let invocation = Invocation(common)
    try await invocation.leave { () async throws(CommandFailure) in
      try invocation.require([.root], for: "gc")
      let site = try invocation.site(creating: false)
      let view = CollectView(try await retention(invocation, site), now: currentSecond())
      let console = invocation.console
      if !common.json { console.print(view.text(console.paint)) }
      if dryRun || view.retention.removed.isEmpty {
        if common.json { console.print(view.json(removed: [])) }
        return .success
      }
      guard approved(console, view) else { return .failure }
      // A person takes time to answer: what somebody needs by now stays.
      let now = Set(try await retention(invocation, site).removed)
      let removed: [StoreAddress]
      do throws(HostError) {
        removed = try await site.host.store.remove(view.retention.removed.filter { now.contains($0) })
      } catch { throw .host(error) }
      console.print(common.json ? view.json(removed: removed) : view.conclusion(removed))
      return .success
    }
  }

  private func retention(_ invocation: Invocation, _ site: Site) async throws(CommandFailure) -> Retention {
    let items = try await invocation.storeItems(constellations, site, site.host)
    return Retention(items, keep: keep, now: currentSecond())
  }

  private func approved(_ console: Console, _ view: CollectView) -> Bool {
    if isApproved { return true }
    guard console.isInteractive, !common.json else {
      console.tell(view.nobody(console.diagnosticsPaint))
      return false
    }
    console.tell(view.question(console.diagnosticsPaint))
    return console.readLine() == "yes"
  }
}
