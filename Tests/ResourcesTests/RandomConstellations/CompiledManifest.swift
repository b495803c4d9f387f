import Host
import Manifest
import Network
import Reachability
import Reconcile
import Testing

@testable import Resources

/// What a manifest becomes: all that is put into the kernel, and the network that the evaluator judges.
struct CompiledManifest {
  let policy: FilterPolicy
  let tables: [Table]
  let bridges: [Resources.Bridge]
  let taps: [TapDesign]
  let network: CompiledNetwork

  init(_ text: String, former: ForwardingState) throws {
    let (manifest, _) = try Manifest.load(Array(text.utf8), file: "constellation.yml", directoryName: "lab")
    let graph = try Desired(manifest, Inputs(directory: "/lab"), scope: FirewallSample.scope()).graph
    let resources = graph.resources.values
    policy = try #require(resources.lazy.compactMap { $0 as? Firewall }.first).policy
    tables = policy.tables(former: former)
    bridges = resources.compactMap { $0 as? Resources.Bridge }.sorted { $0.name < $1.name }
    taps = resources.compactMap { ($0 as? Tap)?.design }.sorted { $0.name < $1.name }
    network = CompiledNetwork(graph, former: former)
  }
}
