package import Host
package import Network
import Reconcile

/// Makes a bridge what its design says.
package struct EnsureBridge: Action {
  package var design: BridgeDesign

  package var description: String { "set up bridge \(design.name)" }

  package func perform(on host: Host) async throws(HostError) { try await host.links.ensureBridge(design) }
}

/// Deletes a link of ours.
package struct RemoveLink: Action {
  package var name: LinkName
  package var group: UInt32
  package var title: String

  init(_ link: Link) {
    name = link.name
    group = link.group
    title = link.title
  }

  package var description: String { "delete \(title)" }

  package func perform(on host: Host) async throws(HostError) {
    try await host.links.removeLink(name, group: group)
  }
}
