import ArgumentParser
import Host
import LinuxHost
import Manifest

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what is missing or unfit on this host, and what mends it. Needs no privileges.",
    discussion: """
      With constellations it is also told whether the host has memory and room for them, what emulates machines of other \
      architectures, and which firewall of others drops what they admit. Only who may change the packet filter is told of \
      that. The exit code is 1 while something is unfit.

      Examples:
        meros doctor
        meros doctor lab --json
      """)

  @Argument(help: "Directories, manifests or names.", completion: .constellations)
  var constellations: [String] = []
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let invocation = Invocation(common)
    try await invocation.leave { () async throws(CommandFailure) in
      let missing = Privileges.current.missing(Privileges.Need.allCases)
      let mayLook = !missing.contains(.networkAdministration)
      let site = try mayLook ? invocation.site(creating: false) : invocation.offlineSite()
      let (goals, _) = try await invocation.goals(constellations, site, site.host)
      let equipment: Equipment
      let filter: FilterFitness?
      do throws(HostError) {
        let programs = [String: String?](ProgramNeed.all.map { ($0.name, $0.versionOption) }) { first, _ in first }
        equipment = try await .look(
          for: programs, architectures: VirtualMachineSpec.Architecture.allCases.map(\.rawValue), data: common.dataPath,
          in: site.networkNamespace, on: site.host)
        filter = mayLook ? try await .look(for: goals, in: site.data.identity, on: site.host) : nil
      } catch {
        throw .host(error)
      }
      let demands = goals.compactMap(\.manifest).map { Demand($0) }
      let checkup = Checkup(equipment, lacking: missing, demands: demands, filter: filter)
      let view = DoctorView(checkup)
      invocation.console.print(common.json ? view.json : view.text(invocation.console.paint))
      return checkup.isHealthy ? .success : .failure
    }
  }
}
