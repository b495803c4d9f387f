import ArgumentParser
import LinuxHost

struct SSHConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ssh-config",
    abstract: "Print the VMs as hosts for ssh's configuration: for ssh, scp, rsync, ansible and editors.",
    discussion: """
      Each VM is the host VM.CONSTELLATION and CONSTELLATION-VM.

      Examples:
        meros ssh-config lab > lab.ssh && ssh -F lab.ssh web.lab
        meros ssh-config lab > ~/.ssh/config.d/lab      with "Include config.d/*" in ~/.ssh/config
        rsync -e 'ssh -F lab.ssh' -a site web.lab:/srv/
        meros ssh-config lab --json | jq .
      """)

  @Argument(help: "A directory, a manifest or a name.", completion: .constellations)
  var constellation: String
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let invocation = Invocation(common)
    try await invocation.leave { () async throws(CommandFailure) in
      try invocation.require([], for: "ssh-config")
      let site = try invocation.site(creating: false)
      let roster = try await invocation.roster(constellation, site)
      let view = SSHConfigView(roster, in: site.data, networkNamespace: common.namespaceName)
      invocation.console.print(common.json ? view.json : view.text)
      return .success
    }
  }
}
