package import Diagnostics
package import Network

/// A port of the host that leads to a VM.
package struct ForwardSpec: Equatable, Sendable {
  package var hostPort: Located<UInt16>
  /// The name of a VM that has an address.
  package var to: Located<String>
  /// The VM's port; the host's where nobody wrote one.
  package var port: Located<UInt16>
  package var transport: TransportProtocol
  /// The host's address that it listens at. nil or the unspecified address: every one (of that family).
  package var address: Located<IPAddress>?
  package var location: SourceLocation
}
