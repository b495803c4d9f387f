import Glibc
import Host
import Netlink
import Network
import SystemPackage

/// The ssh server at the address is that of this VM, and lets us in. The banner is looked for first, since it costs the
/// guest nothing; then one real login proves the host key, which no other machine at this address has.
struct SSHProbe: ReadinessProbe {
  private let address: IPAddress
  private let namespace: NetworkNamespace
  private let arguments: [String]
  private let name: String

  init(_ design: MachineDesign, at address: IPAddress, data: DataDirectory, namespace: NetworkNamespace) {
    self.address = address
    self.namespace = namespace
    name = design.name
    let constellation = design.scope.constellation
    let options = [
      "BatchMode=yes", "IdentitiesOnly=yes", "IdentityAgent=none", "StrictHostKeyChecking=yes",
      "HostKeyAlias=\(design.name)", "HostKeyAlgorithms=ssh-ed25519", "GlobalKnownHostsFile=/dev/null",
      "UserKnownHostsFile=\(Self.quoted(data.knownHosts(constellation)))",
      "IdentityFile=\(Self.quoted(data.key(.client, of: constellation)))", "UpdateHostKeys=no", "ControlPath=none",
      "ConnectTimeout=10", "LogLevel=ERROR",
    ]
    arguments = ["-F", "/dev/null", "-n", "-T"] + options.flatMap { ["-o", $0] } + ["root@\(address)", "true"]
  }

  func ask() async -> ProbeAnswer {
    guard let connection = await Connection.open(address, 22, namespace, within: .seconds(1)),
      await connection.greeting(within: .seconds(2)).hasPrefix("SSH-")
    else { return .notYet }
    _ = consume connection
    do throws(HostError) {
      let result = try await ssh.result("log in to vm \(name)")
      return result.termination == .exited(0) ? .ready : .refused(result.lastLines)
    } catch {
      return .refused(["\(error.cause)"])
    }
  }

  private var ssh: Program {
    guard let descriptor = namespace.descriptor else { return Program("ssh", arguments, timeout: .seconds(30)) }
    // The child finds the namespace through us: it has no descriptor of ours.
    let space = "--net=/proc/\(getpid())/fd/\(descriptor)"
    return Program("nsenter", [space, "--", "ssh"] + arguments, timeout: .seconds(30))
  }

  /// As a value in ssh's configuration: blanks separate and a percent sign stands for something else.
  private static func quoted(_ path: FilePath) -> String {
    "\"\(path.string.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%"))\""
  }
}
