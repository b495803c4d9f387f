import Host
import LinuxHost
import Netlink

/// What a VM says of a place on it, and of what it has for copying.
struct RemotePlace: Equatable, Sendable {
  enum Kind: String, Sendable {
    case folder, file
  }

  /// nil: there is nothing, or the path is a pattern.
  var kind: Kind?
  var hasRsync: Bool

  /// Asks, having made the folder `parent` if it is given and missing.
  static func ask(
    _ path: String, making parent: String?, _ login: SSHLogin, in namespace: NetworkNamespace
  ) async throws(HostError) -> RemotePlace {
    let command = ["sh", "-c", script, "meros", path] + (parent.map { [$0] } ?? [])
    let arguments = ["-n"] + ConnectCommand.arguments(login, command, hasTerminal: false)
    let ssh = Program("ssh", arguments, capturesOutput: true).inside(namespace)
    let result = try await ssh.run("look at \(path) on vm.\(login.machine)")
    let words = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
    return RemotePlace(
      kind: words.lazy.compactMap { Kind(rawValue: String($0)) }.first, hasRsync: words.contains("rsync"))
  }

  private static let script = """
    if [ $# -gt 1 ]; then mkdir -p -- "$2" || exit; fi
    if [ -d "$1" ]; then echo folder; elif [ -e "$1" ]; then echo file; fi
    if command -v rsync >/dev/null; then echo rsync; fi
    """
}
