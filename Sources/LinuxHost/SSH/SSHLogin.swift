import Host
package import Network
package import SystemPackage

/// A login to a VM as root: with the constellation's own key, only to the VM that has the pinned host key, and without a
/// question to anybody. What this machine's users have set for ssh does not matter.
package struct SSHLogin: Hashable, Sendable {
  /// The VM's name: host keys are pinned under it, whatever its address.
  package let machine: String
  package let address: IPAddress
  /// The private key.
  package let key: FilePath
  package let knownHosts: FilePath

  package init(to machine: String, at address: IPAddress, of constellation: String, in data: DataDirectory) {
    self.machine = machine
    self.address = address
    key = data.key(.client, of: constellation)
    knownHosts = data.knownHosts(constellation)
  }

  package static let user = "root"

  /// The keywords of ssh_config(5) with their values, paths quoted as it wants them.
  package var settings: [(keyword: String, value: String)] {
    [
      ("IdentityFile", Self.quoted(key)), ("IdentitiesOnly", "yes"), ("IdentityAgent", "none"),
      ("UserKnownHostsFile", Self.quoted(knownHosts)), ("GlobalKnownHostsFile", "/dev/null"),
      ("HostKeyAlias", machine), ("HostKeyAlgorithms", "ssh-ed25519"), ("StrictHostKeyChecking", "yes"),
      ("UpdateHostKeys", "no"), ("BatchMode", "yes"), ("ControlPath", "none"), ("LogLevel", "ERROR"),
      // In seconds: a VM that is gone is noticed within a minute.
      ("ConnectTimeout", "10"), ("ServerAliveInterval", "20"),
    ]
  }

  /// Options of ssh, scp and sftp, without the destination.
  package var options: [String] {
    ["-F", "/dev/null"] + settings.flatMap { ["-o", "\($0.keyword)=\($0.value)"] }
  }

  /// `root@ADDRESS`
  package var destination: String { "\(Self.user)@\(address)" }

  /// The same for what takes a path behind it: `root@ADDRESS:PATH`, an IPv6 address in brackets.
  package func place(_ path: String) -> String {
    switch address.family {
    case .v4: "\(destination):\(path)"
    case .v6: "\(Self.user)@[\(address)]:\(path)"
    }
  }

  /// As a value in ssh's configuration: blanks separate and a percent sign stands for something else.
  private static func quoted(_ path: FilePath) -> String {
    "\"\(path.string.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%"))\""
  }
}
