import Network
import Testing

@testable import Reachability

/// Two bridges, `lan` with web and db and `dmz` with mail, and as few rules as a test asks for.
struct SmallNetwork {
  static let group: UInt32 = 0x6d00_0001

  var inet: [Chain] = []
  var inetSets: [SetDefinition] = []
  var frames: [Chain] = []
  var frameSets: [SetDefinition] = []

  static func link(_ name: String) throws -> LinkName { try #require(LinkName(name)) }
  static func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

  static let machines: [(name: String, bridge: String, addresses: [String])] = [
    ("web", "lan", ["10.0.0.10/24", "fd00::10/64"]), ("db", "lan", ["10.0.0.11/24", "fd00::11/64"]),
    ("mail", "dmz", ["10.0.1.10/24", "fd00:0:0:1::10/64"]),
  ]
  static let bridges = [
    ("lan", ["10.0.0.1/24", "fd00::1/64"]), ("dmz", ["10.0.1.1/24", "fd00:0:0:1::1/64"]),
  ]

  var tables: [Table] {
    [
      Table(header: TableHeader(identity: TableIdentity(.inet, "t"), comment: nil), chains: inet, sets: inetSets),
      Table(header: TableHeader(identity: TableIdentity(.bridge, "t"), comment: nil), chains: frames, sets: frameSets),
    ]
  }

  func compiled() throws -> CompiledNetwork {
    CompiledNetwork(
      tables: tables,
      bridges: try Self.bridges.map { name, addresses in
        CompiledNetwork.Bridge(
          link: try Self.link(name), name: name, group: Self.group,
          addresses: try addresses.map { try #require(InterfaceAddress($0)) })
      },
      taps: try Self.machines.map { name, bridge, _ in
        CompiledNetwork.Tap(link: try Self.link("t-\(name)"), group: Self.group, master: try Self.link(bridge))
      },
      machines: try Self.machines.enumerated().map { number, machine in
        let gateways = try #require(Self.bridges.first { $0.0 == machine.bridge }).1.map { $0.split(separator: "/")[0] }
        return CompiledNetwork.Machine(
          name: machine.name,
          interfaces: [
            CompiledNetwork.Interface(
              tap: try Self.link("t-\(machine.name)"), mac: MACAddress(value: 0x5254_0000_0001 + UInt64(number)),
              addresses: try machine.addresses.map { try #require(InterfaceAddress($0)) },
              gateways: gateways.compactMap { IPAddress($0) })
          ])
      })
  }

  func evaluator() throws -> Evaluator { Evaluator(try compiled()) }

  /// A base chain of the inet table that sees what is forwarded.
  static func forward(_ rules: Rule..., policy: Chain.Policy = .drop) -> Chain {
    Chain("forward", base: Chain.Base(.filter, .forward, priority: 0, policy: policy), rules: rules)
  }

  static func tcp(_ from: String, _ to: String, _ port: UInt16) throws -> Packet {
    Packet(from: try address(from), to: try address(to), .tcp(from: 50000, to: port))
  }
}

extension PacketVerdict {
  /// What a test asks for, in a word.
  var word: String {
    switch self {
    case .passes: "passes"
    case .blocked(.rule(let place)): "rule \(place.rule) of \(place.chain)"
    case .blocked(.policy(_, let chain)): "policy of \(chain)"
    case .blocked(.isolatedPorts): "isolated ports"
    case .blocked(.samePort): "same port"
    case .blocked(let obstacle): "\(obstacle)"
    case .undecided(.expression): "doubt"
    case .undecided(.element): "altered element"
    case .undecided(.missing): "missing"
    case .undecided(.depth): "depth"
    case .undecided(.bridgeFilter): "bridge filter"
    }
  }
}
