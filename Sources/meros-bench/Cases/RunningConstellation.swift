import LinuxHost
import SystemPackage

/// A constellation whose machines run and idle, and a command of meros about it.
struct RunningConstellation {
  let stage: Stage
  let meros: FilePath
  /// The directory of the constellation.
  let constellation: String
  private let data: FilePath

  /// - Parameter store: nil for machines that need nothing out of one.
  init(_ manifest: String, on stage: Stage, _ settings: Settings, store: FilePath? = nil) throws {
    self.stage = stage
    meros = settings.meros
    data = stage.folder.appending("data")
    let folder = stage.folder.appending("small")
    try folder.makeFolders()
    try data.makeFolders()
    try folder.appending("constellation.yml").replaceContents(Array(manifest.utf8))
    if let store {
      try Child.run(["ln", "-s", try store.absolute().appending("store").string, data.appending("store").string])
      constellation = "examples/quickstart"
    } else {
      constellation = folder.string
    }
  }

  private func command(_ verb: [String]) -> [String] {
    [meros.string] + verb + [constellation, "--data-dir", data.string, "--netns", stage.namespaceName]
  }

  /// Applies it and waits until its machines have nothing to do.
  func start(settling time: Duration) async throws {
    try Child.run(command(["apply", "--auto-approve"]), output: stage.folder.appending("output"))
    try await Task.sleep(for: time)
  }

  /// What the command takes besides the start of a process.
  func measure(_ name: String, _ verb: [String], rounds: Int, below limit: Duration) async throws -> [Finding] {
    let command = command(verb)
    let output = stage.folder.appending("output")
    var (ours, starts): ([Duration], [Duration]) = ([], [])
    let wall = try await Pairs(rounds) {
      try await elapsed { ours.append(try Child.run(command, output: output).processorTime) }
    } theirs: {
      try await elapsed { starts.append(try Child.run([meros.string, "version"], output: output).processorTime) }
    }
    return [
      wall.excess(name, over: "meros version", .below(limit)),
      Finding(
        name: "its processor time", peer: "besides meros version", ours: ours.median - starts.median, theirs: nil,
        count: rounds, claim: .none),
    ]
  }
}
