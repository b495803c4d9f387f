import LinuxHost

extension Copy {
  /// Sends what differs, and goes on with what was broken off.
  func rsync(_ login: SSHLogin, hasTerminal: Bool) -> Program {
    // Owners mean nothing on the other side. Names reach the VM without its shell (-s).
    let options = ["-rltp", "-s", "--partial"] + (hasTerminal ? ["-h", "--info=progress2"] : [])
    let shell = (["ssh"] + login.options).map(Self.quotedForRsync).joined(separator: " ")
    return Program("rsync", options + ["-e", shell, "--"] + places(login))
  }

  /// Sends everything.
  func scp(_ login: SSHLogin, hasTerminal: Bool) -> Program {
    Program("scp", ["-r", "-p"] + (hasTerminal ? [] : ["-q"]) + login.options + ["--"] + places(login))
  }

  private func places(_ login: SSHLogin) -> [String] {
    let target = goesIntoFolder && !destination.hasSuffix("/") ? destination + "/" : destination
    return switch direction {
    case .push: sources + [login.place(target)]
    case .pull: sources.map { login.place($0) } + [target]
    }
  }

  /// rsync takes its remote shell apart at blanks; in quotes a quote is written twice.
  private static func quotedForRsync(_ word: String) -> String {
    "'\(word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
  }
}
