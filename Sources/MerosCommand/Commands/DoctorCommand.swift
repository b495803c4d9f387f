import ArgumentParser
import Diagnostics
import Host
import LinuxHost
import Manifest
import SystemPackage

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
      let site = try invocation.offlineSite()
      let demands = try Self.demands(of: constellations)
      let equipment: Equipment
      do throws(HostError) {
        let programs = [String: String?](ProgramNeed.all.map { ($0.name, $0.versionOption) }) { first, _ in first }
        equipment = try await .look(
          for: programs, architectures: VirtualMachineSpec.Architecture.allCases.map(\.rawValue), data: common.dataPath,
          in: site.networkNamespace, on: site.host)
      } catch {
        throw .host(error)
      }
      let missing = Privileges.current.missing(Privileges.Need.allCases)
      let mayLook = !missing.contains(.networkAdministration)
      let filter = mayLook ? try await Self.filter(for: constellations, invocation) : nil
      let checkup = Checkup(equipment, lacking: missing, demands: demands, filter: filter)
      let view = DoctorView(checkup)
      invocation.console.print(common.json ? view.json : view.text(invocation.console.paint))
      return checkup.isHealthy ? .success : .failure
    }
  }

  private static func filter(
    for constellations: [String], _ invocation: Invocation
  ) async throws(CommandFailure) -> FilterFitness {
    let site = try invocation.site(creating: false)
    let (goals, _) = try await invocation.goals(constellations, site, site.host)
    do { return try await .look(for: goals, in: site.data.identity, on: site.host) } catch { throw .host(error) }
  }

  private static func demands(of constellations: [String]) throws(CommandFailure) -> [Demand] {
    let folder: FilePath
    do { folder = try FilePath(".").absolute() } catch { throw .host(error) }
    var demands: [Demand] = []
    var faults = Diagnostics()
    for name in constellations {
      do throws(Diagnostics) {
        demands.append(Demand(try Constellation.load(name, in: folder).manifest))
      } catch {
        faults.append(contentsOf: error)
      }
    }
    if faults.hasErrors { throw .diagnostics(faults) }
    return demands
  }
}
