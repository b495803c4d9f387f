import Host
import SystemPackage

/// A bare repository under `cache/git` with the commits that were fetched from one place, none with its history.
struct GitCache: Sendable {
  private let folder: FilePath
  private let repository: String
  private let attempted: String
  private let lock: FilePath

  init(of repository: String, in data: DataDirectory, attempted: String) {
    let name = String(sha256(Array(repository.utf8)).prefix(16))
    folder = data.cache.appending("git").appending("\(name).git")
    lock = data.temporary.appending("git-\(name).lock")
    self.repository = repository
    self.attempted = attempted
  }

  /// Makes the commit be here, and hands it to `body` while nobody else fetches.
  func fetch(_ commit: String, named ref: String, _ progress: Progress) async throws(HostError) {
    let held = try await FileLock.await(lock) { progress.report(.init("waiting for another fetch")) }
    if !folder.exists {
      try folder.removingLastComponent().makeFolders()
      try await git(["init", "--quiet", "--bare", folder.string], within: false)
    }
    var firstError: HostError?
    // Some servers give out no commit by its name, and some cannot leave history out.
    for (depth, name) in [(["--depth=1"], commit), (["--depth=1"], ref), ([], ref)] {
      if try await has(commit) { break }
      do throws(HostError) {
        let place = "+\(name):refs/meros/\(name == ref ? "tip" : commit)"
        let options = ["--no-tags", "--no-write-fetch-head", "--progress"] + depth
        try await git(["fetch"] + options + ["--", repository, place]) { line in
          if let fraction = Self.fraction(line) {
            progress.report(.init("fetching \(commit.prefix(12))", fraction: fraction))
          }
        }
      } catch {
        if error.cause == .cancelled { throw error }
        firstError = firstError ?? error
      }
    }
    guard try await has(commit) else {
      throw firstError ?? HostError(attempted, .missing("commit \(commit) of \(repository)"))
    }
    _ = consume held
  }

  /// Writes the files of the commit into a new folder, which all may read.
  func checkOut(_ commit: String, to place: FilePath) async throws(HostError) {
    try place.makeFolders(mode: 0o755)
    let index = FilePath("\(place).index")
    try index.unlink()
    for arguments in [["read-tree", commit], ["checkout-index", "--all", "--force"]] {
      try await git(
        ["--work-tree=\(place)", "-c", "core.autocrlf=false"] + arguments, environment: ["GIT_INDEX_FILE": index.string]
      )
    }
    try index.unlink()
  }

  private func has(_ commit: String) async throws(HostError) -> Bool {
    let program = Git.program(
      ["--git-dir=\(folder)", "cat-file", "-e", "\(commit)^{tree}"], timeout: .seconds(60))
    return try await program.result(attempted).termination == .exited(0)
  }

  private func git(
    _ arguments: [String], within: Bool = true, environment: [String: String] = [:],
    _ eachLine: @Sendable (String) -> Void = { _ in }
  ) async throws(HostError) {
    var program = Git.program(
      // Nothing refers to older commits, and they may be wanted again.
      (within ? ["--git-dir=\(folder)", "-c", "gc.auto=0"] : []) + arguments, timeout: .seconds(4 * 3600))
    program.environment.merge(environment) { _, own in own }
    // Modes of files are to be the same under every umask.
    program = Program(
      "sh", ["-c", "umask 022; exec \"$@\"", "sh", program.name] + program.arguments,
      environment: program.environment, timeout: program.timeout, capturesOutput: true)
    do {
      try await program.run(attempted, eachLine: eachLine)
    } catch {
      guard case .program(var failure) = error.cause else { throw error }
      failure.command = ["git"] + arguments
      throw HostError(error.attempted, .program(failure))
    }
  }

  /// "Receiving objects:  12% (34/567)"
  static func fraction(_ line: String) -> Double? {
    guard line.hasPrefix("Receiving objects:") else { return nil }
    let words = line.split(separator: " ")
    return words.count > 2 && words[2].hasSuffix("%") ? Double(words[2].dropLast()).map { $0 / 100 } : nil
  }
}
