import Network

/// Names of the sets that hold flows, of one family.
struct FlowSetName {
  private let number: String

  init(_ family: IPAddress.Family) { number = family == .v4 ? "4" : "6" }

  struct Pair {
    var exact: String
    var range: String
  }

  /// The subnets of our bridges.
  var own: String { "own_net\(number)" }
  /// Source, destination, protocol, port.
  var flow: String { "flow\(number)" }
  /// Source and destination, every protocol.
  var any: String { "flow\(number)_any" }
  /// Source and destination, pings.
  var ping: String { "flow\(number)_ping" }
  var range: String { "flow\(number)_range" }
  /// Source, protocol, port.
  var host: Pair { pair("host_flow") }
  /// Source, protocol, port.
  var toWorld: Pair { pair("world_out") }
  /// Destination, protocol, port.
  var fromWorld: Pair { pair("world_in") }
  /// Source and destination, in the table that sees frames.
  var exemptPing: Pair { pair("ping_pair") }

  private func pair(_ name: String) -> Pair { Pair(exact: "\(name)\(number)", range: "\(name)\(number)_range") }
}
