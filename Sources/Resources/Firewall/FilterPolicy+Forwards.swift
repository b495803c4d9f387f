package import Network

extension FilterPolicy {
  /// A port of the host that leads to a VM.
  package struct Forward: Hashable, Sendable {
    /// Where the manifest says so: `forwards[0]`.
    package var name: String
    package var transport: TransportProtocol
    package var hostPort: UInt16
    /// The host's address; nil: every one of the families of `targets`.
    package var address: IPAddress?
    /// The VM's address, at most one of each family.
    package var targets: [IPAddress]
    /// The VM's.
    package var port: UInt16

    package init(
      name: String, transport: TransportProtocol = .tcp, hostPort: UInt16, address: IPAddress? = nil,
      targets: [IPAddress], port: UInt16
    ) {
      self.name = name
      self.transport = transport
      self.hostPort = hostPort
      self.address = address
      self.targets = targets
      self.port = port
    }

    /// Connections to the host's own loopback address are led on too.
    package var takesLoopback: Bool {
      let loopback: UInt128 = 127
      return targets.contains { $0.family == .v4 }
        && (address.map { $0.family == .v4 && $0.value >> 24 == loopback } ?? true)
    }
  }
}
