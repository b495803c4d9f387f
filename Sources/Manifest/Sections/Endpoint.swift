package import Network

/// One side of a flow or an expectation.
package enum Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// Every address outside our subnets that is not the host's.
  case world
  case host
  /// All VMs of a bridge; it exists.
  case bridge(String)
  /// A VM; it exists.
  case virtualMachine(String)
  case prefix(IPPrefix)

  /// As it is written in a manifest.
  package var description: String {
    switch self {
    case .world: "world"
    case .host: "host"
    case .bridge(let name): "bridge:\(name)"
    case .virtualMachine(let name): name
    case .prefix(let prefix): "\(prefix)"
    }
  }
}
