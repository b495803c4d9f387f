import Diagnostics
import Host
import LinuxHost
import SystemPackage

extension Invocation {
  /// Looks at both sides, then goes on as the program that copies.
  func carryOut(
    _ copy: Copy, _ verb: String, with machine: String, of constellation: String
  ) async throws(CommandFailure) -> Never {
    try require([], for: verb)
    if copy.direction == .push { try Self.requireSources(of: copy) }
    let site = try site(creating: false)
    let login = try await login(to: machine, of: constellation, site)
    var copy = copy
    let hasRsync: Bool
    do { hasRsync = try await copy.prepare(login, site.networkNamespace) } catch { throw .host(error) }
    let hasTerminal = console.isTerminal && !common.json
    let program =
      hasRsync && Program("rsync").isInstalled
      ? copy.rsync(login, hasTerminal: hasTerminal) : copy.scp(login, hasTerminal: hasTerminal)
    try become(program, "\(verb) files", site)
  }

  /// Throws, naming all of them, when some of what is to be sent is not there.
  private static func requireSources(of copy: Copy) throws(CommandFailure) {
    var faults = Diagnostics()
    for source in copy.sources where FileKind(FilePath(source)) == nil {
      faults.error(
        "there is no file and no folder \(source)", at: nil,
        remedy: "name what is to be sent; a place on the VM comes last, with a colon in front of it")
    }
    if faults.hasErrors { throw .diagnostics(faults) }
  }
}
