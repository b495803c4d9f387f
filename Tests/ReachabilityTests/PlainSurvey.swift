import Network

@testable import Reachability

/// Asks packet by packet what a survey finds out at once.
struct PlainSurvey {
  let evaluator: Evaluator
  private var network: CompiledNetwork { evaluator.network }

  init(_ network: CompiledNetwork) { evaluator = Evaluator(network) }

  /// One of each part that rules of `RandomNetwork` may cut: of servers of DHCP, others below and above 1024.
  static let sourcePorts: [UInt16] = [67, 1023, 1024, 50_000]

  struct Found: Equatable {
    var isPossible = false
    var isCertain = true
  }

  /// - Parameter destinations: all of one family.
  func ask(_ from: String, to party: Party, _ destinations: [IPAddress], _ isTCP: Bool, _ port: UInt16) -> Found {
    var found = Found()
    guard let machine = network.machines.firstIndex(where: { $0.name == from }) else { return found }
    for destination in destinations {
      let route = evaluator.topology.route(from: machine, to: destination)
      var hasRoute = false
      for interface in network.machines[machine].interfaces {
        guard let bridge = bridge(of: interface) else { continue }
        let isOnLink = bridge.addresses.contains { $0.prefix.contains(destination) }
        var hops = isOnLink ? [destination] : []
        hops += bridge.addresses.map(\.address).filter { $0.family == destination.family }
        hops += interface.gateways.filter { $0.family == destination.family }
        for hop in Set(hops) {
          let isOwn = route.map { interface == evaluator.topology.interface($0.port) && $0.next == hop } ?? false
          for source in interface.addresses.map(\.address) where source.family == destination.family {
            hasRoute = hasRoute || isOwn
            for sourcePort in Self.sourcePorts {
              let packet = Packet(
                from: source, to: destination,
                isTCP ? .tcp(from: sourcePort, to: port) : .udp(from: sourcePort, to: port))
              let (arrives, may) = judge(packet, by: interface.tap, to: hop, party)
              found.isPossible = found.isPossible || may
              if isOwn, !arrives, isTCP || sourcePort != 67 { found.isCertain = false }
            }
          }
        }
      }
      if !hasRoute { found.isCertain = false }
    }
    return found
  }

  private func bridge(of interface: CompiledNetwork.Interface) -> CompiledNetwork.Bridge? {
    let master = network.taps.first { $0.link == interface.tap }?.master
    return network.bridges.first { $0.link == master }
  }

  private func judge(_ packet: Packet, by tap: LinkName, to hop: IPAddress, _ party: Party) -> (
    arrives: Bool, may: Bool
  ) {
    let verdicts = [false, true].map { evaluator.verdict(for: packet, by: tap, to: hop, hasBridgeFilter: $0) }
    let arrives = verdicts.map { if case .passes(let arrival) = $0 { arrival.party == party } else { false } }
    let doubts = verdicts.contains { if case .undecided = $0 { true } else { false } }
    return (arrives.allSatisfy(\.self), doubts || arrives.contains(true))
  }
}
