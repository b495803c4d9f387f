import Network

@testable import Reachability

/// Whether and where one packet arrives, asked of the evaluator and of the kernel.
struct PacketQuestion: CustomStringConvertible {
  /// The party that sends it: a VM, "host" or "world".
  var from: String
  var way: Evaluator.Way
  var packet: Packet
  /// The destination is an address of the host that is on none of its bridges.
  var isForHost = false
  /// The sender gets answers: it has the address that it sends from.
  var isHonest = true

  /// "tcp", "udp" or "icmp", and the port that is asked.
  var service: (transport: String, port: UInt16) {
    switch packet.payload {
    case .tcp(_, let port): ("tcp", port)
    case .udp(_, let port): ("udp", port)
    case .icmp, .other: ("icmp", 0)
    }
  }

  var description: String {
    let (transport, port) = service
    let what = transport == "icmp" ? "icmp" : "\(transport)/\(port)"
    return "\(from) (\(packet.source)) -> \(packet.destination) \(what)"
  }
}

/// Where a packet came out.
enum PacketOutcome: Hashable, CustomStringConvertible {
  case nowhere(why: String)
  /// The port after translation; nil for a ping.
  case at(String, port: UInt16?, isAnswered: Bool)
  /// The evaluator does not know.
  case unknown(String)
  /// It comes back to its sender with the sender's own address, which some kernels take and others do not.
  case own

  /// - Parameter isAnswered: where it arrives, an answer comes back.
  init(_ verdict: PacketVerdict, isAnswered: (Party) -> Bool) {
    switch verdict {
    case .blocked(let obstacle): self = .nowhere(why: "\(obstacle)")
    case .undecided(let doubt): self = .unknown("\(doubt)")
    case .passes(let arrival):
      let name =
        switch arrival.party {
        case .machine(let name): name
        case .host: "host"
        case .world: "world"
        }
      self = .at(name, port: arrival.port, isAnswered: isAnswered(arrival.party))
    }
  }

  /// Whether it came out just so. Where no answer is expected none matters.
  func agrees(with seen: PacketOutcome) -> Bool {
    switch (self, seen) {
    case (.nowhere, .nowhere), (.own, _): true
    case (.at(let party, let port, let isAnswered), .at(let other, let otherPort, let answer)):
      party == other && port == otherPort && (answer || !isAnswered)
    default: false
    }
  }

  var description: String {
    switch self {
    case .nowhere(let why): why.isEmpty ? "arrives nowhere" : "arrives nowhere: \(why)"
    case .at(let party, let port, let isAnswered):
      "arrives at \(party)\(port.map { " port \($0)" } ?? "")\(isAnswered ? " and is answered" : "")"
    case .unknown(let doubt): "is not known: \(doubt)"
    case .own: "comes back"
    }
  }
}
