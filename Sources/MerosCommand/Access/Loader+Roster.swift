import Diagnostics
import Host
import Manifest
import Network

extension Loader {
  /// The VMs of one constellation. Of one whose directory is gone, those that run or have left logs.
  func roster(_ argument: String) async throws(CommandFailure) -> Roster {
    var name = argument
    var written: [(name: String, address: IPAddress?)] = []
    var fault: Diagnostics?
    do throws(Diagnostics) {
      let constellation = try Constellation.load(argument, in: folder)
      name = constellation.name
      written = constellation.manifest.virtualMachines.map { machine in
        (machine.name.value, machine.networks.lazy.flatMap(\.addresses).first?.value.address)
      }
    } catch {
      // A manifest that is there and has faults is no reason to guess.
      let isLost = Self.isName(argument) && (try? ConstellationPath.find(argument, in: folder)) == nil
      guard isLost else { throw .diagnostics(error) }
      fault = error
    }
    let scope = Scope(constellation: name, data: data)
    let roster: Roster
    do {
      roster = Roster(
        name, argument: argument, written: written, running: try await host.machines.machines(of: scope),
        traces: try await host.machines.traces(of: scope))
    } catch {
      throw .host(error)
    }
    if let fault, roster.entries.isEmpty { throw .diagnostics(fault) }
    return roster
  }
}
