import Network
import Resources
package import SystemPackage

/// How to log in to VMs: for each one command that can be pasted.
package struct LoginView {
  private let goal: Goal
  private let dataDirectory: FilePath
  /// nil: the VMs are in the namespace that the person is in.
  private let networkNamespace: String?

  package init(_ goal: Goal, dataDirectory: FilePath, networkNamespace: String?) {
    self.goal = goal
    self.dataDirectory = dataDirectory
    self.networkNamespace = networkNamespace
  }

  /// Empty where there is no VM with an address.
  package var text: String {
    goal.logins.isEmpty ? "" : "To log in:\n" + goal.logins.map { "  \(command($0))\n" }.joined()
  }

  private func command(_ login: Desired.Login) -> String {
    let keys = dataDirectory.appending("keys").appending(goal.constellation)
    let prefix = networkNamespace.map { ["ip", "netns", "exec", $0] } ?? []
    return ShellCommand(
      prefix + [
        "ssh", "-i", keys.appending("client").string,
        "-o", "UserKnownHostsFile=\(keys.appending("known_hosts"))",
        "-o", "HostKeyAlias=\(login.machine)", "root@\(login.address)",
      ]
    ).text
  }
}
