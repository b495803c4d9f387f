import Reconcile
import Testing

@testable import MerosCommand

private func rebuilding() throws -> Proposal {
  try .toys(
    from: [Toy(name: "doll", attributes: ["hair": "long"])],
    to: [
      Toy(name: "doll", attributes: ["hair": "short"], disruption: .rebuild), Toy(name: "new", disruption: .rebuild),
    ])
}

@Test func whatIsLostNeedsAWordWhereNobodyCanBeAsked() throws {
  let refusals = Gate().refusals(of: [try rebuilding()])
  #expect(refusals == [Gate.Refusal(address: toy("doll"), disruption: .rebuild, cause: .needsNaming)])
}

@Test func aTerminalOrTheNameOfTheCostLetsItThrough() throws {
  let proposal = try rebuilding()
  #expect(Gate(isInteractive: true).refusals(of: [proposal]).isEmpty)
  #expect(Gate(isInteractive: true).mustAsk([proposal]))
  #expect(Gate(maximum: .rebuild).refusals(of: [proposal]).isEmpty)
  #expect(!Gate(maximum: .rebuild, isInteractive: true).mustAsk([proposal]))
}

@Test(arguments: [Disruption.none, .live, .reload, .restart])
func whatExceedsTheMaximumIsRefusedEvenOnATerminal(_ maximum: Disruption) throws {
  let refusals = Gate(maximum: maximum, isInteractive: true).refusals(of: [try rebuilding()])
  #expect(refusals == [Gate.Refusal(address: toy("doll"), disruption: .rebuild, cause: .exceeds(maximum))])
}

@Test func creatingNeverCounts() throws {
  let proposal = try Proposal.toys(to: [Toy(name: "doll", disruption: .dataLoss)])
  #expect(Gate(maximum: Disruption.none).refusals(of: [proposal]).isEmpty)
}

@Test func destroyIsItsOwnWord() throws {
  let proposal = Proposal.destroying([Toy(name: "doll", disruption: .rebuild)])
  #expect(Gate(isDestruction: true).refusals(of: [proposal]).isEmpty)
  #expect(!Gate(isDestruction: true).refusals(of: [proposal]).contains { $0.cause == .needsNaming })
  #expect(Gate(maximum: .restart, isDestruction: true).refusals(of: [proposal]).count == 1)
}
