import Network
import QMP
import Reachability

/// What passes, for programs.
enum ReachabilityJSON {
  static func line(_ line: ReachabilityLine) -> [String: JSON] {
    [
      "from": .array(line.from.map { .string("\($0)") }), "to": .array(line.to.map { .string("\($0)") }),
      "traffic": .array(traffic(line.access)), "is_certain": .bool(line.doubt == nil),
      "summary": .string("\(line)"),
    ]
  }

  /// `ports` is null for traffic without ports.
  private static func traffic(_ access: Access) -> [JSON] {
    IPAddress.Family.allCases.flatMap { family in
      Traffic.allCases.compactMap { traffic -> JSON? in
        let ports = access[family, traffic]
        guard !ports.isEmpty else { return nil }
        let ranges = ports.ranges.map { range -> JSON in
          ["first": .integer(Int64(range.lowerBound)), "last": .integer(Int64(range.upperBound))]
        }
        return [
          "family": .string(family == .v4 ? "ipv4" : "ipv6"), "protocol": .string(traffic.word),
          "ports": traffic.hasPorts ? .array(ranges) : .null,
        ]
      }
    }
  }
}
