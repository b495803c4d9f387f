import Foundation
import HostTesting
import Testing

/// Manifests of chance in the kernel: what the evaluator says of a packet is what becomes of it. The seeds are the same on
/// each run; `MEROS_TEST_SEED` begins with another one, and `MEROS_TEST_SEEDS` says how many there are.
@Suite(.enabled(if: TestNamespace.isAvailable, "needs root and ip"))
struct RandomConstellationTests {
  private static let seeds: Range<UInt64> = {
    let environment = ProcessInfo.processInfo.environment
    let first = environment["MEROS_TEST_SEED"].flatMap { UInt64($0) } ?? 1
    return first..<first + (environment["MEROS_TEST_SEEDS"].flatMap { UInt64($0) } ?? 56)
  }()

  /// Two at once: while one waits for the kernel the other one works.
  @Test(arguments: [0, 1] as [UInt64])
  func theKernelDoesWithEachPacketWhatTheEvaluatorSays(part: UInt64) async throws {
    var all = 0
    try await PacketStage.with { stage in
      for seed in Self.seeds where seed % 2 == part {
        let trial = try PacketTrial(seed: seed)
        do {
          let found = try await trial.disagreements(on: stage)
          let texts = found.prefix(10).map(\.description).joined(separator: "\n")
          #expect(found.isEmpty, "\(found.count) disagreements, the first of them:\n\(texts)\n\(trial.manifest.text)")
        } catch {
          Issue.record("seed \(seed) cannot be tried: \(error)\n\(trial.manifest.text)")
          throw error
        }
        all += 2 * trial.questions.count
      }
    }
    print("\(all) decisions, seeds \(Self.seeds)")
    #expect(all > 5000 || Self.seeds.count < 50)
  }
}
