import HostTesting
import Testing

/// The harness itself: a rule that does not belong there is found out.
@Suite(.enabled(if: TestNamespace.isAvailable, "needs root and ip"))
struct PlantedFaultTests {
  struct Fault: CustomTestStringConvertible, Sendable {
    /// Of nft.
    var command: String
    /// Of a question that it makes a difference to.
    var question: String
    /// It lets pass what should not.
    var opens: Bool
    var testDescription: String { command }
  }

  @Test(arguments: [
    Fault(command: "insert rule inet meros_lab host_in udp dport 22 accept", question: "udp/22", opens: true),
    Fault(command: "insert rule inet meros_lab vm_forward meta l4proto icmp accept", question: "icmp", opens: true),
    Fault(command: "insert rule inet meros_lab host_in tcp dport 53 drop", question: "tcp/53", opens: false),
    Fault(command: "flush set bridge meros_lab guard6", question: "fd0", opens: false),
    Fault(command: "flush chain bridge meros_lab prerouting", question: "vm1 (", opens: true),
  ])
  func aRuleThatDoesNotBelongThereIsFoundOut(_ fault: Fault) async throws {
    let trial = try PacketTrial(seed: Self.seed)
    try await PacketStage.with { stage in
      let found = try await trial.disagreements(on: stage, patience: 3) { stand in
        try stand.host.run("nft", fault.command)
      }
      let texts = found.map(\.description).joined(separator: "\n")
      #expect(
        found.contains { disagreement in
          guard disagreement.question.description.contains(fault.question) else { return false }
          return switch (disagreement.expected, disagreement.seen) {
          case (.nowhere, .at): fault.opens
          case (.at, .nowhere): !fault.opens
          default: false
          }
        }, "\(texts)\n\(trial.manifest.text)")
      #expect(found.allSatisfy { $0.description.hasPrefix("seed \(Self.seed), br_netfilter") }, "\(texts)")
    }
  }

  /// One whose manifest has what the faults are about.
  private static let seed: UInt64 = 14
}
