import ArgumentParser
import Glibc
import QMP
import SystemPackage

/// Measures meros beside what does the same work without it, in one run.
@main
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "meros-bench",
    abstract: "Measure meros beside the same work done without it.",
    discussion: """
      Runs as root, in network namespaces and temporary folders of its own that are removed at the end, also after an \
      interrupt. Exits with 1 when a measurement misses what is claimed. Cases:
      \(Cases.all.map { "  \($0.name): \($0.purpose)" }.joined(separator: "\n"))
      """)

  @Option(help: ArgumentHelp("Run this case only. Repeatable.", valueName: "case"))
  var only: [String] = []
  @Flag(help: "Write one JSON array.")
  var json = false
  @Flag(help: "Say which cases there are, and end.")
  var list = false
  @Option(help: ArgumentHelp("How many pairs to measure (each case has a number of its own).", valueName: "number"))
  var rounds: Int?
  @Option(help: ArgumentHelp("The meros to measure (beside this program).", valueName: "file"))
  var meros: String?
  @Option(
    name: .customLong("data-dir"),
    help: ArgumentHelp("Use the quickstart, out of the store of this data directory.", valueName: "dir"))
  var dataDirectory: String?
  @Option(help: ArgumentHelp("Compile a kernel of this git repository, which takes long.", valueName: "dir"))
  var kernelRepository: String?

  func validate() throws {
    for name in only where !Cases.all.contains(where: { $0.name == name }) {
      throw ValidationError("there is no case \(name)")
    }
    if let rounds, rounds < 1 { throw ValidationError("--rounds needs at least one") }
  }

  func run() async throws {
    if list {
      for item in Cases.all { print("\(item.name): \(item.purpose)") }
      return
    }
    guard geteuid() == 0 else { throw ValidationError("root is needed: for network namespaces, taps and rules") }
    Interrupt.watch()
    try Stage.removeAbandoned()
    let settings = Settings(
      meros: try meros.map { FilePath($0) } ?? Settings.merosBesideThis(),
      dataDirectory: dataDirectory.map { FilePath($0) }, kernelRepository: kernelRepository.map { FilePath($0) },
      rounds: rounds)
    var findings: [Finding] = []
    for item in Cases.all where only.isEmpty || only.contains(item.name) {
      let found = try await item.measure(settings)
      findings += found
      if !json { print(FindingsView(item.name, found).text) }
    }
    if json { print(JSON.array(findings.map(\.json))) }
    if !findings.allSatisfy(\.isMet) { throw ExitCode.failure }
  }
}
