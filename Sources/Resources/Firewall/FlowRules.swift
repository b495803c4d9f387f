import Network

/// The rules that look flows up, one set after the other; of one family.
struct FlowRules {
  private let names: FlowSetName
  private let isFamily: Statement
  private let isPing: Statement
  private let source: Statement.Part
  private let destination: Statement.Part

  init(_ family: IPAddress.Family) {
    names = FlowSetName(family)
    isFamily = family == .v4 ? .isIPv4 : .isIPv6
    isPing = family == .v4 ? .isICMP : .isICMP6
    source = family == .v4 ? .ipv4Source : .ipv6Source
    destination = family == .v4 ? .ipv4Destination : .ipv6Destination
  }

  /// Nobody outside has an address of ours, and what is for us goes nowhere else, also while a bridge is missing.
  func strays(isFromOthers: Statement, isToOthers: Statement) -> [Rule] {
    [
      Rule(isFromOthers, isFamily, .fields(source, in: names.own), .counter, .drop, comment: "foreign source"),
      Rule(isToOthers, isFamily, .fields(destination, in: names.own), .counter, .drop, comment: "no bridge"),
    ]
  }

  /// Between addresses.
  var pairs: [Rule] {
    [
      Rule(isFamily, .fields(source, destination, .transport, .destinationPort, in: names.flow), .accept),
      Rule(isFamily, .fields(source, destination, in: names.any), .accept),
      Rule(isPing, isFamily, .fields(source, destination, in: names.ping), .accept),
      Rule(isFamily, .fields(source, destination, .transport, .destinationPort, in: names.range), .accept),
    ]
  }

  var toHost: [Rule] { services(names.host, of: source) }

  func toWorld(isToOthers: Statement) -> [Rule] { services(names.toWorld, of: source, isToOthers) }

  var fromWorld: [Rule] { services(names.fromWorld, of: destination) }

  private func services(
    _ sets: FlowSetName.Pair, of address: Statement.Part, _ condition: Statement = Statement([])
  ) -> [Rule] {
    [sets.exact, sets.range].map { set in
      Rule(condition, isFamily, .fields(address, .transport, .destinationPort, in: set), .accept)
    }
  }
}
