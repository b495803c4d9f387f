import Diagnostics
import Host
import LinuxHost
import Manifest
import SystemPackage

extension Invocation {
  /// The names of the VMs that the manifest has, in its order. Nothing but that is read.
  func writtenMachines(of constellation: String) throws(CommandFailure) -> [String] {
    let folder = try absolute(".")
    do {
      return try Constellation.load(constellation, in: folder).manifest.virtualMachines.map(\.name.value)
    } catch { throw .diagnostics(error) }
  }

  /// The VMs of a constellation on this machine.
  func roster(_ constellation: String, _ site: Site) async throws(CommandFailure) -> Roster {
    let start = ContinuousClock.now
    let roster = try await loader(site, site.host).roster(constellation)
    trace("\(roster.constellation): found \(counted(roster.entries.count, "VM"))", since: start)
    return roster
  }

  /// How to log in to a VM that runs.
  func login(to machine: String, of constellation: String, _ site: Site) async throws(CommandFailure) -> SSHLogin {
    try await visit(machine, of: constellation, site).login
  }

  /// The same with the VM's process.
  func visit(_ machine: String, of constellation: String, _ site: Site) async throws(CommandFailure) -> Visit {
    let roster = try await roster(constellation, site)
    do {
      let entry = try roster.entry(machine)
      let address = try roster.reachableAddress(of: entry)
      let login = SSHLogin(to: machine, at: address, of: roster.constellation, in: site.data)
      return Visit(login: login, pid: try roster.requireRunning(entry).pid)
    } catch {
      throw .diagnostics(error)
    }
  }

  /// The socket of the display of a VM that runs.
  func display(
    of machine: String, of constellation: String, _ site: Site
  ) async throws(CommandFailure) -> FilePath {
    let roster = try await roster(constellation, site)
    do { try roster.requireDisplay(try roster.entry(machine)) } catch { throw .diagnostics(error) }
    return site.data.display(machine, of: roster.constellation)
  }

  /// A login to a VM that ran a moment ago.
  struct Visit {
    var login: SSHLogin
    /// The process of the VM.
    var pid: Int32
  }

  /// Goes on as the program, in the network namespace of the VMs.
  func become(_ program: Program, _ attempted: String, _ site: Site) throws(CommandFailure) -> Never {
    do { try program.become(attempted, in: site.networkNamespace) } catch { throw .host(error) }
  }
}
