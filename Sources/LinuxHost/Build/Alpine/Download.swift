import Host
import SystemPackage

/// What a mirror serves over HTTP, fetched by curl.
struct Download {
  let url: String
  let attempted: String
  /// Receives what curl says; nil keeps nothing.
  let log: FilePath?

  /// Writes it to the file, at most so many bytes. Throws `unreachable` where nobody answers in time, and what else goes
  /// wrong with curl's words.
  func write(to file: FilePath, limit: Int) async throws(HostError) {
    _ = try await run(["--max-filesize", String(limit), "--output", file.string], capturing: false)
  }

  /// A small file, of at most 1 MiB. Throws as `write` does.
  func contents() async throws(HostError) -> [UInt8] {
    try await run(["--max-filesize", String(1 << 20)], capturing: true).output
  }

  /// The server has it. Throws `unreachable` where nobody answers in time.
  func exists() async throws(HostError) -> Bool {
    do throws(HostError) {
      // Not every server answers HEAD, and not every one knows ranges.
      _ = try await run(["--range", "0-0", "--output", "/dev/null"], capturing: false)
      return true
    } catch {
      if error.isRefusal { return false }
      throw error
    }
  }

  private func run(_ options: [String], capturing: Bool) async throws(HostError) -> ProgramResult {
    guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
      throw HostError(attempted, .malformed("mirror \(url)", "neither http:// nor https://"))
    }
    let common = [
      "--fail", "--silent", "--show-error", "--location", "--proto", "=http,https", "--proto-redir", "=http,https",
      "--retry", "3", "--connect-timeout", "30",
    ]
    let program = Program("curl", common + options + [url], log: log, capturesOutput: capturing)
    let result = try await program.result(attempted)
    switch result.termination {
    case .exited(0): return result
    // Of curl's codes: could not resolve proxy or host, could not connect, timeout.
    case .exited(5), .exited(6), .exited(7), .exited(28): throw HostError(attempted, .unreachable(url))
    default:
      throw HostError(
        attempted,
        .program(
          ProgramFailure(
            command: ["curl", url], termination: result.termination, lastLines: result.lastLines, log: log?.string)))
    }
  }
}

extension HostError {
  /// A server answered that it does not have what it was asked for. One that is busy, or does not want to, did not: of all
  /// of these curl says no more than 22, and the status of HTTP in words.
  var isRefusal: Bool {
    guard case .program(let failure) = cause, failure.termination == .exited(22) else { return false }
    return failure.lastLines.contains { line in [404, 410].contains { line.contains("returned error: \($0)") } }
  }
}
