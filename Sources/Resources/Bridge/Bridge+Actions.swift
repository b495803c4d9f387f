import Host
import Network
import Reconcile

/// Makes a bridge what its design says.
struct EnsureBridge: Action {
  var design: BridgeDesign

  var description: String { "set up bridge \(design.name)" }

  func perform(on host: Host) async throws(HostError) { try await host.links.ensureBridge(design) }
}

/// Deletes a link of ours.
struct RemoveLink: Action {
  var name: LinkName
  var group: UInt32
  var title: String

  init(_ link: Link) {
    name = link.name
    group = link.group
    title = link.title
  }

  var description: String { "delete \(title)" }

  func perform(on host: Host) async throws(HostError) {
    try await host.links.removeLink(name, group: group)
  }
}
