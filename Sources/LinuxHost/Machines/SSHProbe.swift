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
    let login = SSHLogin(to: design.name, at: address, of: design.scope.constellation, in: data)
    arguments = ["-n", "-T"] + login.options + [login.destination, "true"]
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

  private var ssh: Program { Program("ssh", arguments, timeout: .seconds(30)).inside(namespace) }
}
