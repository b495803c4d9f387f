package import Host
package import Network

extension Firewall {
  /// Of every table that no constellation made and that is awake.
  package static func hookedChains(_ scope: Scope, on host: Host) async throws(HostError) -> [HookedChain] {
    let others = try await host.packetFilter.tables().filter { FirewallRecord($0.comment) == nil && !$0.isDormant }
    return others.isEmpty ? [] : try await host.packetFilter.hookedChains(of: Set(others.map(\.identity)))
  }
}
