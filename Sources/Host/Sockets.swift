package import Network

/// The sockets of the network namespace.
package protocol Sockets: Sendable {
  /// Where somebody takes connections or datagrams.
  func listeners() async throws(HostError) -> Set<Listener>
}

/// A port that somebody listens at.
package struct Listener: Hashable, Sendable {
  package var transport: TransportProtocol
  /// The unspecified address for every one.
  package var address: IPAddress
  package var port: UInt16

  package init(_ transport: TransportProtocol, _ address: IPAddress, _ port: UInt16) {
    self.transport = transport
    self.address = address
    self.port = port
  }
}
