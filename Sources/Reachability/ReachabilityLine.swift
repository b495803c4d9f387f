package import Network

/// The same between each of some and each of others.
package struct ReachabilityLine: Hashable, Sendable {
  package var from: [Name]
  package var to: [Name]
  package var access: Access
  /// Those of which both have addresses.
  package var families: Set<IPAddress.Family>
  /// It is not certain that it passes: the evaluator does not know what decides.
  package var doubt: Doubt?

  /// How a party is called.
  package enum Name: Hashable, Sendable, Comparable {
    /// All VMs of a bridge, each with each other one.
    case bridge(String)
    case machine(String)
    case host
    /// The largest part of the world's addresses of which the same is true.
    case world
    /// Addresses of the world that differ from the rest.
    case addresses(IPAddress, through: IPAddress)
  }
}
