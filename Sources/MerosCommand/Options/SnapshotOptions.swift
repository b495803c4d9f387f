import ArgumentParser
import Host
import LinuxHost

/// A snapshot of one constellation.
struct SnapshotOptions: ParsableArguments {
  @Argument(help: "A directory, a manifest or a name.", completion: .constellations)
  var constellation: String
  @Argument(help: "What it is called: letters, digits, dots, hyphens and underscores.")
  var name: SnapshotName
  @OptionGroup var common: CommonOptions
  @OptionGroup var lock: LockOptions

  /// Runs the body while nobody else is at work on the constellation, prints what it gives, and leaves with the exit code.
  func run(
    _ verb: String, _ body: (SnapshotSession, SnapshotView) async throws(SnapshotFailure) -> String
  ) async throws {
    let invocation = Invocation(common)
    try await invocation.leave { () async throws(CommandFailure) in
      try invocation.require([.root, .networkAdministration, .systemAdministration], for: "snapshot \(verb)")
      let site = try invocation.site(creating: false)
      let session = try await invocation.snapshots(of: constellation, site)
      let view = SnapshotView(of: constellation, isJSON: common.json)
      return try await invocation.locked([session.scope.constellation], site, timeout: lock.timeout) {
        () async throws(CommandFailure) in
        do throws(SnapshotFailure) {
          invocation.console.print(try await body(session, view))
        } catch { throw .snapshot(error, of: constellation) }
        return .success
      }
    }
  }
}

extension Invocation {
  func snapshots(of constellation: String, _ site: Site) async throws(CommandFailure) -> SnapshotSession {
    let roster = try await roster(constellation, site)
    return SnapshotSession(host: site.host, scope: site.data.scope(roster.constellation), interrupts: .signals)
  }
}

extension SnapshotName: ExpressibleByArgument {
  package init?(argument: String) { self.init(argument) }
}
