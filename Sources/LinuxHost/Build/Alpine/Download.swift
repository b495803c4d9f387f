import Host
import SystemPackage

/// What a mirror serves over HTTP, fetched by curl.
struct Download {
  let url: String
  let attempted: String
  /// Receives what curl says.
  let log: FilePath

  /// How it went.
  enum Ending: Equatable {
    case done
    /// Nobody answers there: no name, no route, no connection, or none in time.
    case unreachable
  }

  /// Writes it to the file. Throws what else went wrong, with curl's words.
  /// - Parameter limit: in bytes.
  func write(to file: FilePath, limit: Int) async throws(HostError) -> Ending {
    guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
      throw HostError(attempted, .malformed("mirror \(url)", "neither http:// nor https://"))
    }
    let program = Program(
      "curl",
      [
        "--fail", "--silent", "--show-error", "--location", "--proto", "=http,https", "--proto-redir", "=http,https",
        "--retry", "3", "--connect-timeout", "30", "--max-filesize", String(limit), "--output", file.string, url,
      ], log: log)
    let result = try await program.result(attempted)
    switch result.termination {
    case .exited(0): return .done
    // Of curl's codes: could not resolve proxy or host, could not connect, timeout.
    case .exited(5), .exited(6), .exited(7), .exited(28): return .unreachable
    default:
      throw HostError(
        attempted,
        .program(
          ProgramFailure(
            command: ["curl", url], termination: result.termination, lastLines: result.lastLines, log: log.string)))
    }
  }
}
