import Diagnostics
import Host
import LinuxHost

extension Invocation {
  /// The VMs of a constellation on this machine.
  func roster(_ constellation: String, _ site: Site) async throws(CommandFailure) -> Roster {
    let start = ContinuousClock.now
    let roster = try await loader(site, site.host).roster(constellation)
    trace("\(roster.constellation): found \(counted(roster.entries.count, "VM"))", since: start)
    return roster
  }

  /// How to log in to a VM that runs.
  func login(to machine: String, of constellation: String, _ site: Site) async throws(CommandFailure) -> SSHLogin {
    let roster = try await roster(constellation, site)
    do {
      let address = try roster.reachableAddress(of: roster.entry(machine))
      return SSHLogin(to: machine, at: address, of: roster.constellation, in: site.data)
    } catch {
      throw .diagnostics(error)
    }
  }

  /// Goes on as the program, in the network namespace of the VMs.
  func become(_ program: Program, _ attempted: String, _ site: Site) throws(CommandFailure) -> Never {
    do { try program.become(attempted, in: site.networkNamespace) } catch { throw .host(error) }
  }
}
