package import LinuxHost
import Network
import QMP

/// VMs as hosts of ssh_config(5), those that have an address.
package struct SSHConfigView {
  private let constellation: String
  private let logins: [SSHLogin]
  /// nil: the VMs are in the namespace that ssh is started in.
  private let networkNamespace: String?

  package init(_ roster: Roster, in data: DataDirectory, networkNamespace: String?) {
    constellation = roster.constellation
    logins = roster.entries.compactMap { entry in
      entry.address.map { SSHLogin(to: entry.name, at: $0, of: roster.constellation, in: data) }
    }
    self.networkNamespace = networkNamespace
  }

  package var text: String {
    guard !logins.isEmpty else { return "# \(constellation) has no VM with an address\n" }
    return logins.map { login in
      let lines = settings(login).map { "  \($0.keyword) \($0.value)\n" }
      return "Host \(names(login).joined(separator: " "))\n" + lines.joined()
    }.joined(separator: "\n")
  }

  /// One object: `hosts`, each with its names and the keywords of its entry.
  package var json: String {
    let hosts = logins.map { login -> JSON in
      let members = settings(login).map { ($0.keyword, JSON.string($0.value)) }
      return [
        "vm": .string(login.machine), "names": .array(names(login).map(JSON.string)),
        "settings": .object([String: JSON](members) { first, _ in first }),
      ]
    }
    let value: JSON = [
      "format_version": .string(PlanJSON.formatVersion), "constellation": .string(constellation),
      "hosts": .array(hosts),
    ]
    return "\(value)\n"
  }

  /// The first is unlike any other VM's; of the second, a constellation `a` with a VM `b-c` has the same as an `a-b`
  /// with a `c`.
  private func names(_ login: SSHLogin) -> [String] {
    ["\(login.machine).\(constellation)", "\(constellation)-\(login.machine)"]
  }

  private func settings(_ login: SSHLogin) -> [(keyword: String, value: String)] {
    var settings = [("HostName", "\(login.address)"), ("User", SSHLogin.user)] + login.settings
    if let networkNamespace {
      let net = ShellCommand(["--net=/run/netns/\(networkNamespace)"]).text
      let escaped = net.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
      settings.append(("ProxyCommand", "nsenter \(escaped) -- busybox nc %h %p"))
    }
    return settings
  }
}
