import Diagnostics
import Host
import Manifest
import Network

extension GraphBuilder {
  /// One for each bridge that serves names; every one knows all VMs.
  func nameservers(_ hosts: [GuestIdentity.HostLine]) -> [Nameserver] {
    manifest.bridges.filter(\.servesNames).map { bridge in
      Nameserver(
        NameserverDesign(
          scope: scope, name: bridge.name.value, link: linkName(of: bridge),
          addresses: bridge.hostAddresses.map(\.value.address), forwards: bridge.policy.value != .isolated,
          hosts: hosts))
    }
  }
}
