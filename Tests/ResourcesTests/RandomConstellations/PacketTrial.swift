import Host
import Network

@testable import Reachability

/// One manifest of chance, and what evaluator and kernel make of it.
struct PacketTrial {
  let manifest: RandomManifest
  let compiled: CompiledManifest
  let questions: [PacketQuestion]

  /// A difference between both.
  struct Disagreement: CustomStringConvertible {
    var seed: UInt64
    var hasBridgeFilter: Bool
    var question: PacketQuestion
    var expected: PacketOutcome
    var seen: PacketOutcome

    var description: String {
      """
      seed \(seed), br_netfilter \(hasBridgeFilter ? "on" : "off"): \(question)
        evaluator: \(expected)
        kernel: \(seen)
      """
    }
  }

  init(seed: UInt64) throws {
    manifest = RandomManifest(seed: seed)
    var random = SeededRandom(seed: seed ^ 0x666f_726d)
    // Whether somebody else's bridge may go on forwarding depends on what kind of link the world is behind, which the
    // evaluator does not know.
    let mayDiffer = manifest.isAllOurs
    let former = ForwardingState(
      ipv4: random.isTrue(percent: 70) || !mayDiffer, ipv6: random.isTrue(percent: 70) || !mayDiffer)
    compiled = try CompiledManifest(manifest.text, former: former)
    questions = QuestionMaker(compiled.network, ports: manifest.ports, seed: seed).questions
  }

  /// Asks both, with br_netfilter off and on.
  ///
  /// - Parameter disturb: what is done to the kernel before the packets are sent, and the evaluator is not told of.
  func disagreements(
    on stage: PacketStage, patience: Double = 60, disturb: (PacketStand) throws -> Void = { _ in }
  ) async throws -> [Disagreement] {
    var found: [Disagreement] = []
    try await stage.with(compiled) { stand in
      try disturb(stand)
      for hasBridgeFilter in [false, true] {
        try stand.setBridgeFilter(hasBridgeFilter)
        let first = hasBridgeFilter ? 30000 : 10000
        let expected = expected(first: first, hasBridgeFilter: hasBridgeFilter)
        let seen = try stand.outcomes(of: questions, first: first, expected: expected, patience: patience)
        for (question, (expected, seen)) in zip(questions, zip(expected, seen)) where !expected.agrees(with: seen) {
          found.append(
            Disagreement(
              seed: manifest.seed, hasBridgeFilter: hasBridgeFilter, question: question, expected: expected, seen: seen)
          )
        }
      }
    }
    return found
  }

  private func expected(first: Int, hasBridgeFilter: Bool) -> [PacketOutcome] {
    let evaluator = Evaluator(compiled.network)
    return zip(questions.indices, questions).map { place, question in
      var packet = question.packet
      let own = UInt16(first + place)
      switch packet.payload {
      case .tcp(_, let port): packet.payload = .tcp(from: own, to: port)
      case .udp(_, let port): packet.payload = .udp(from: own, to: port)
      case .icmp, .other: break
      }
      let verdict = evaluator.judge(
        packet, by: question.way, hasBridgeFilter: hasBridgeFilter, isForHost: question.isForHost
      ).verdict
      let isPlain = compiled.network.isPlain(question.from)
      if !isPlain, case .passes(let arrival) = verdict, arrival.party == .machine(question.from) { return .own }
      return PacketOutcome(verdict) { party in
        question.isHonest && isPlain && (party.machine.map(compiled.network.isPlain) ?? true)
      }
    }
  }
}

extension CompiledNetwork {
  /// Answers of a VM on several bridges leave by one of them, whatever was asked; and to a neighbour on somebody else's
  /// bridge a VM answers past the host, which may have translated the question.
  fileprivate func isPlain(_ name: String) -> Bool {
    guard let machine = machines.first(where: { $0.name == name }) else { return true }
    let master = taps.first { $0.link == machine.interfaces.first?.tap }?.master
    return machine.interfaces.count == 1 && bridges.contains { $0.link == master && $0.group != 0 }
  }
}

extension Party {
  fileprivate var machine: String? { if case .machine(let name) = self { name } else { nil } }
}
