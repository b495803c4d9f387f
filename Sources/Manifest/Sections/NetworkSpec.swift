package import Diagnostics
package import Network

/// A network interface of a VM.
package struct NetworkSpec: Equatable, Sendable {
  /// What the link on the host is to be called, when it fits; nil: a computed name alone.
  package var label: Located<String>?
  /// The name of a bridge that exists.
  package var bridge: Located<String>
  /// In the order in which they were written, inside the bridge's subnets; a bare address has its subnet's length.
  package var addresses: [Located<InterfaceAddress>]
  /// nil: a computed one.
  package var mac: Located<MACAddress>?
  /// QEMU's device, `virtio-net-pci` where nobody wrote one.
  package var model: Located<String>
  /// At most one per family; nil: the bridge's host addresses where its policy lets VMs out.
  package var gateways: [Located<IPAddress>]?
  /// nil: as `gateways`. An empty list: none.
  package var nameservers: [Located<IPAddress>]?
  /// Prefixes that the interface may send from besides its own addresses.
  package var allowedSources: [Located<IPPrefix>]
  package var location: SourceLocation
}
