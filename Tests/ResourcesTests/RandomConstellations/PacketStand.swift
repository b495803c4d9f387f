import Foundation
import HostTesting
import Testing

@testable import Reachability

/// One constellation as it stands in the kernel.
struct PacketStand {
  let host: TestNamespace
  /// The network namespace of each party: VMs, "host", "world".
  let parties: [String: String]
  let compiled: CompiledManifest

  /// Sends the packet of each question and tells what became of it.
  ///
  /// - Parameters:
  ///   - first: the number of the first packet: no two packets of one host may have the same, since it would take the
  ///     second for a part of the first one's connection.
  ///   - expected: what is waited for.
  ///   - patience: how long at most, in seconds.
  func outcomes(
    of questions: [PacketQuestion], first: Int, expected: [PacketOutcome], patience: Double
  ) throws -> [PacketOutcome] {
    let probes = zip(questions.indices, zip(questions, expected)).map { place, both -> [Any] in
      let (question, outcome) = both
      let (transport, port) = question.service
      var (isAwaited, isAnswered) = (false, false)
      if case .at(_, _, let answer) = outcome { (isAwaited, isAnswered) = (true, answer) }
      return [
        first + place, question.from, "\(question.packet.source)", "\(question.packet.destination)", transport, port,
        isAwaited, isAnswered,
      ]
    }
    let ports = Set(questions.map(\.service.port)).union(expected.compactMap(\.port)).subtracting([0])
    let job: [String: Any] = [
      "spaces": parties, "ports": ports.sorted(), "probes": probes, "patience": patience,
    ]
    let text = String(decoding: try JSONSerialization.data(withJSONObject: job), as: UTF8.self)
    let output = try host.run("python3", "-c", ArrivalScript.text, text)
    let found = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: [Any]])
    return questions.indices.map { place in
      guard let seen = found["\(first + place)"], let party = seen[0] as? String else { return .nowhere(why: "") }
      return .at(party, port: (seen[1] as? Int).map { UInt16($0) }, isAnswered: seen[2] as? Bool ?? false)
    }
  }

  /// br_netfilter sends what crosses a bridge through the inet tables too.
  func setBridgeFilter(_ isOn: Bool) throws {
    let settings = ["iptables", "ip6tables", "arptables"].map {
      "net.bridge.bridge-nf-call-\($0)=\(isOn ? "1" : "0")"
    }
    try host.run("sh", "-ec", "sysctl -qw \(settings.joined(separator: " "))")
  }
}

extension PacketOutcome {
  fileprivate var port: UInt16? {
    if case .at(_, let port, _) = self { port } else { nil }
  }
}
