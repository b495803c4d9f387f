import Host
import Reconcile

/// Starts a name server, or tells the one that runs its names.
struct EnsureNameserver: Action {
  var design: NameserverDesign

  var description: String { "serve names on bridge \(design.name)" }

  func perform(on host: Host) async throws(HostError) { try await host.nameservers.ensure(design) }
}

struct RemoveNameserver: Action {
  var name: String
  var scope: Scope

  var description: String { "stop serving names on bridge \(name)" }

  func perform(on host: Host) async throws(HostError) { try await host.nameservers.remove(name, of: scope) }
}
