package import Network

/// The sockets and connections of the network namespace.
package protocol Sockets: Sendable {
  /// Where somebody takes connections or datagrams.
  func listeners() async throws(HostError) -> Set<Listener>
  /// What conntrack knows of: none where the kernel has no conntrack.
  func connections() async throws(HostError) -> [TrackedConnection]
  /// Makes conntrack forget these, those that are still there: their next packet begins anew.
  func forget(_ connections: [TrackedConnection]) async throws(HostError)
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

/// A connection as conntrack has it.
package struct TrackedConnection: Hashable, Sendable {
  /// As the one who started it sends.
  package var original: Direction
  /// As answers come: differs from the original the other way round where addresses are translated.
  package var reply: Direction
  /// CTA_ID, which no later connection has.
  package var id: UInt32
  /// CTA_TUPLE_ORIG, by which the kernel finds it.
  package var tuple: [UInt8]

  package struct Direction: Hashable, Sendable {
    package var source: IPAddress
    package var destination: IPAddress
    /// IANA's number.
    package var transport: UInt8
    /// 0 for a protocol without ports.
    package var sourcePort: UInt16
    /// 0 for a protocol without ports.
    package var destinationPort: UInt16
    /// The type of a message of ICMP or ICMPv6; nil for another protocol.
    package var messageType: UInt8?

    package init(
      from source: IPAddress, _ sourcePort: UInt16 = 0, to destination: IPAddress, _ destinationPort: UInt16 = 0,
      transport: UInt8, messageType: UInt8? = nil
    ) {
      self.source = source
      self.destination = destination
      self.transport = transport
      self.sourcePort = sourcePort
      self.destinationPort = destinationPort
      self.messageType = messageType
    }
  }

  package init(original: Direction, reply: Direction, id: UInt32 = 0, tuple: [UInt8] = []) {
    self.original = original
    self.reply = reply
    self.id = id
    self.tuple = tuple
  }
}
