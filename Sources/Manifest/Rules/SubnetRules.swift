import Diagnostics
import Network

extension Manifest {
  /// No two bridges' subnets overlap. One of two that do lies in the other, so that in their order only the last widest one
  /// has to be remembered.
  func checkSubnets(_ faults: inout Diagnostics) {
    let subnets = bridges.flatMap { bridge in
      bridge.hostAddresses.map { (prefix: $0.value.prefix, bridge: bridge.name.value, location: $0.location) }
    }
    var widest: (prefix: IPPrefix, bridge: String, location: SourceLocation)?
    for subnet in subnets.sorted(by: { ($0.prefix, $0.location) < ($1.prefix, $1.location) }) {
      guard let wider = widest, wider.prefix.overlaps(subnet.prefix) else {
        widest = subnet
        continue
      }
      // The later one in the file is the one to change.
      let (first, second) = wider.location < subnet.location ? (wider, subnet) : (subnet, wider)
      faults.error(
        "the subnet \(second.prefix) of bridge \(second.bridge) overlaps \(first.prefix) of bridge \(first.bridge)",
        at: second.location, remedy: "choose another subnet",
        related: [.init("the other subnet", at: first.location)])
    }
  }
}
