package import Network

extension FilterPolicy {
  /// Who may start a connection to whom, besides what the policies of the bridges give.
  package struct Flow: Hashable, Sendable {
    /// Where the manifest says so: `flows[2]`.
    package var name: String
    package var from: End
    package var to: End
    /// Empty: every protocol and port.
    package var ports: [PortRange]

    package init(name: String, from: End, to: End, ports: [PortRange] = []) {
      self.name = name
      self.from = from
      self.to = to
      self.ports = ports
    }
  }

  /// One side of a flow.
  package enum End: Hashable, Sendable {
    /// Every address outside the subnets of our bridges that is not the host's.
    case world
    /// Its own addresses, all of them.
    case host
    /// The VMs of the bridge of this name, by their addresses on it.
    case bridge(String)
    /// The VM of this name, by all its addresses.
    case machine(String)
    /// Addresses, be they of VMs or of others; never the host's own.
    case prefix(IPPrefix)
  }
}
