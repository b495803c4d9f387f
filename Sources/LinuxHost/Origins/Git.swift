import Glibc

/// How git is run, and what it says.
enum Git {
  /// Nobody is asked for a password, and stdout is kept apart.
  static func program(_ arguments: [String], timeout: Duration) -> Program {
    var environment = ["GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "SSH_ASKPASS": ""]
    // Whoever set a command of their own knows why.
    if unsafe getenv("GIT_SSH_COMMAND") == nil { environment["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes" }
    return Program(
      "git", ["-c", "protocol.version=2"] + arguments, environment: environment, timeout: timeout, capturesOutput: true)
  }

  /// The commit of a name in what `git ls-remote` prints, lines of "COMMIT\tNAME"; nil where it is not among them.
  ///
  /// Of several, the one that git itself would take: the name in full, a tag (what it points at), a branch.
  static func commit(of ref: String, in listing: String) -> String? {
    var commits: [Substring: Substring] = [:]
    for line in listing.split(separator: "\n") {
      let parts = line.split(separator: "\t")
      if parts.count == 2 { commits[parts[1]] = parts[0] }
    }
    for name in [ref, "refs/\(ref)", "refs/tags/\(ref)", "refs/heads/\(ref)"] {
      if let commit = commits["\(name)^{}"[...]] ?? commits[name[...]] { return String(commit) }
    }
    return nil
  }
}
