import Glibc
package import Host
import Subprocess
package import SystemPackage

/// A program to run as a child: it starts in a process group of its own and ends with the call, whatever happens.
package struct Program: Sendable {
  /// Looked up in `PATH` and the folders of system programs; or a path.
  package var name: String
  package var arguments: [String]
  /// Besides what this process has; `LC_ALL` is "C" unless it is said here.
  package var environment: [String: String]
  package var workingDirectory: FilePath?
  /// Receives all that the program writes, appended; nil keeps nothing.
  package var log: FilePath?
  /// After so long the whole group is killed; nil: never.
  package var timeout: Duration?
  /// The program's stdin stays open, and silent, until it ends: so a child that outlives us sees the end of it.
  package var holdsInput: Bool
  /// What stdout says is kept apart and returned, instead of going the way of stderr.
  package var capturesOutput: Bool

  package init(
    _ name: String, _ arguments: [String] = [], environment: [String: String] = [:], in folder: FilePath? = nil,
    log: FilePath? = nil, timeout: Duration? = nil, holdsInput: Bool = false, capturesOutput: Bool = false
  ) {
    self.name = name
    self.arguments = arguments
    self.environment = environment
    workingDirectory = folder
    self.log = log
    self.timeout = timeout
    self.holdsInput = holdsInput
    self.capturesOutput = capturesOutput
  }
}

/// How a program ended, and what it said.
package struct ProgramResult: Sendable {
  package var termination: ProgramFailure.Termination
  /// stdout, at most 16 MiB; empty unless the program captures it.
  package var output: [UInt8]
  /// The last lines of what it wrote elsewhere, at most 20.
  package var lastLines: [String]
}

extension Program {
  /// Runs it and throws unless it exits with 0; `attempted` is the deed that it serves.
  ///
  /// `eachLine` hears what it writes, line by line, from one task.
  @discardableResult
  package func run(
    _ attempted: String, eachLine: @Sendable (String) -> Void = { _ in }
  ) async throws(HostError) -> ProgramResult {
    let result = try await result(attempted, eachLine: eachLine)
    guard result.termination == .exited(0) else {
      let failure = ProgramFailure(
        command: [name] + arguments, termination: result.termination, lastLines: result.lastLines,
        log: log?.string)
      throw HostError(attempted, .program(failure))
    }
    return result
  }

  /// Runs it; a bad exit is a result for the caller to judge.
  ///
  /// Throws `missingProgram`, `timeout`, `cancelled` (the group is killed and gone), or what kept it from starting.
  package func result(
    _ attempted: String, eachLine: @Sendable (String) -> Void = { _ in }
  ) async throws(HostError) -> ProgramResult {
    do {
      guard let timeout else { return try await child(eachLine).unlessCancelled() }
      return try await withoutActuallyEscaping(eachLine) { line in
        try await withThrowingTaskGroup(of: ProgramResult?.self) { group in
          group.addTask { try await child(line).unlessCancelled() }
          group.addTask {
            try await Task.sleep(for: timeout)
            return nil
          }
          defer { group.cancelAll() }
          guard let first = try await group.next(), let result = first else {
            throw HostError(attempted, .timeout(timeout))
          }
          return result
        }
      }
    } catch {
      throw HostError(attempted, running: name, failed: error)
    }
  }

  private func child(_ eachLine: @Sendable (String) -> Void) async throws -> ProgramResult {
    let configuration = configuration
    var lines = try ProgramLines(log: log)
    defer { lines.close() }
    if capturesOutput {
      let result = try await Subprocess.run(
        configuration, input: .inputWriter, output: .bytes(limit: 16 << 20), error: .sequence
      ) { execution in
        if !holdsInput { try await execution.standardInputWriter.finish() }
        for try await buffer in execution.standardError { lines.take(buffer, eachLine) }
      }
      return ProgramResult(
        termination: result.terminationStatus.termination, output: result.standardOutput,
        lastLines: lines.finish(eachLine))
    }
    let result = try await Subprocess.run(
      configuration, input: .inputWriter, output: .sequence, error: .combinedWithOutput
    ) { execution in
      if !holdsInput { try await execution.standardInputWriter.finish() }
      for try await buffer in execution.standardOutput { lines.take(buffer, eachLine) }
    }
    return ProgramResult(
      termination: result.terminationStatus.termination, output: [], lastLines: lines.finish(eachLine))
  }

  /// A child that is killed with all its own when the task is cancelled.
  var configuration: Configuration {
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))]
    return Configuration(
      executable: name.contains("/") ? .path(FilePath(name)) : .name(name), arguments: Arguments(arguments),
      environment: .inherit.updating(variables), workingDirectory: workingDirectory, platformOptions: options)
  }

  private var variables: [Environment.Key: String?] {
    // Programs of the system are found even where the caller's PATH is a plain user's.
    var all: [Environment.Key: String?] = ["LC_ALL": "C"]
    let path = unsafe getenv("PATH").map { unsafe [String(cString: $0)] } ?? []
    all["PATH"] = (path + ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"]).joined(separator: ":")
    for (name, value) in environment { all[Environment.Key(stringLiteral: name)] = value }
    return all
  }
}

extension ProgramResult {
  /// What was killed because the task was cancelled has no result.
  fileprivate func unlessCancelled() throws -> ProgramResult {
    if case .signalled = termination { try Task.checkCancellation() }
    return self
  }
}

extension HostError {
  /// What kept a child from starting or going on.
  init(_ attempted: String, running name: String, failed error: any Error) {
    self =
      switch error {
      case let error as HostError: error
      case let error as SubprocessError where error.code == .executableNotFound:
        HostError(attempted, .missingProgram(name))
      case let error as SubprocessError where !Task.isCancelled:
        HostError(attempted, .system(errno: error.underlyingError?.rawValue ?? 0, call: "spawn \(name)"))
      default: HostError(attempted, .cancelled)
      }
  }
}

extension TerminationStatus {
  var termination: ProgramFailure.Termination {
    switch self {
    case .exited(let code): .exited(code)
    case .signaled(let signal): .signalled(signal)
    }
  }
}
