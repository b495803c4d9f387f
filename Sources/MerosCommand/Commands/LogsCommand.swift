import ArgumentParser
import LinuxHost

struct LogsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs",
    abstract: "Show what VMs say on their serial consoles and what their QEMUs say, or what building said.",
    discussion: """
      Examples:
        meros logs lab
        meros logs lab web --follow
        meros logs lab web db --lines 20
        meros logs lab --build
        meros logs lab -f --json | jq .
      """)

  @Argument(help: "A directory, a manifest or a name.", completion: .constellations)
  var constellation: String
  @Argument(help: ArgumentHelp("VMs; without one, all.", valueName: "vm"), completion: .machines)
  var machines: [String] = []
  @Flag(name: .shortAndLong, help: "Go on as more is said.")
  var follow = false
  @Option(name: [.customShort("n"), .long], help: ArgumentHelp("Only the last lines of each log.", valueName: "count"))
  var lines: Int?
  @Flag(name: .customLong("build"), help: "What the builds of its kernels, root file systems and images said.")
  var showsBuilds = false
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let lines, lines < 0 { throw ValidationError("--lines takes a number from 0 on") }
    if showsBuilds && !machines.isEmpty { throw ValidationError("--build shows builds, which belong to no single VM") }
  }

  func run() async throws {
    let invocation = Invocation(common)
    try await invocation.leave { () async throws(CommandFailure) in
      try invocation.require([], for: "logs")
      let sources = try await sources(invocation)
      let view = LogView(names: sources.map(\.name), isJSON: common.json)
      for source in sources {
        let all = source.reader.lines() + (follow ? [] : source.reader.unfinished().map { [$0] } ?? [])
        for line in all.suffix(lines ?? .max) {
          invocation.console.print(view.text(line, of: source.name, by: source.speaker))
        }
      }
      while follow, (try? await Task.sleep(for: .milliseconds(100))) != nil {
        for source in sources {
          for line in source.reader.lines() {
            invocation.console.print(view.text(line, of: source.name, by: source.speaker))
          }
        }
      }
      return .success
    }
  }

  private func sources(_ invocation: Invocation) async throws(CommandFailure) -> [LogSource] {
    let site = try invocation.site(creating: false)
    if showsBuilds {
      let (goals, _) = try await invocation.goals([constellation], site, site.host)
      return goals.flatMap { LogSource.builds(of: $0.graph, in: site.data) }
    }
    let roster = try await invocation.roster(constellation, site)
    do {
      return LogSource.machines(try roster.entries(machines), of: roster.constellation, in: site.data)
    } catch {
      throw .diagnostics(error)
    }
  }
}
