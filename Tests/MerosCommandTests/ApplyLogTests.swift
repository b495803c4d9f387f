import Host
import Reconcile
import Synchronization
import Testing

@testable import MerosCommand

private let plain = Paint(isOn: false)

private func plan() throws -> Plan {
  try Proposal.toys(
    from: [Toy(name: "doll", attributes: ["hair": "long"]), Toy(name: "old")],
    to: [Toy(name: "bear"), Toy(name: "doll", attributes: ["hair": "short"], disruption: .rebuild)]
  ).plan
}

private func step(_ plan: Plan, _ name: String, _ half: Step.Half = .setUp) throws -> Step {
  try #require(plan.steps.first { $0.id == Step.Identity(toy(name), half) })
}

/// A clock that stands still until it is set.
private final class Time: Sendable {
  private let moment = Mutex(Duration.zero)

  var now: Duration {
    get { moment.withLock { $0 } }
    set { moment.withLock { $0 = newValue } }
  }
}

@Test func finishedStepsAreToldWithTheTimeTheyTook() throws {
  let plan = try plan()
  var log = ApplyLog(plan)
  let (bear, doll, old) = (
    try step(plan, "bear"), try step(plan, "doll", .tearDown), try step(plan, "old", .tearDown)
  )
  #expect(log.take(.started(bear), at: .seconds(1), plain).isEmpty)
  #expect(log.take(.started(doll), at: .seconds(2), plain).isEmpty)
  #expect(log.take(.finished(doll, .done(.seconds(4))), at: .seconds(6), plain) == ["toy.doll: destroyed after 4s"])
  #expect(log.take(.finished(bear, .done(.seconds(65))), at: .seconds(66), plain) == ["toy.bear: created after 1m05s"])
  #expect(
    log.take(.finished(old, .skipped(because: .waitedFor(bear.id))), at: .seconds(7), plain)
      == ["toy.old: skipped, it waits for toy.bear"])
}

@Test func whatIsChangedFirstIsNotSaidToBeDownAfterwards() {
  #expect(StepWords(.tearDown, .update).done == "taken down")
  #expect(StepWords(.tearDown, .update, isLive: true).done == "prepared")
  #expect(StepWords(.tearDown, .update, .setUpFirst).done == "last members removed")
  #expect(StepWords(.setUp, .update, .setUpFirst).done == "changed")
}

@Test func whatRunsIsShownOnATerminalTheLongestFirst() throws {
  let plan = try plan()
  var log = ApplyLog(plan)
  _ = log.take(.started(try step(plan, "bear")), at: .seconds(5), plain)
  _ = log.take(.started(try step(plan, "old", .tearDown)), at: .seconds(1), plain)
  _ = log.take(.progress(try step(plan, "bear"), .init("unpacking\u{1b}[2J", fraction: 0.404)), at: .seconds(6), plain)
  #expect(
    log.liveLines(at: .seconds(9), columns: 80) == [
      "toy.old: destroying (8s)", "toy.bear: creating (4s): unpacking\u{fffd}[2J, 40%",
    ])
  #expect(log.liveLines(at: .seconds(9), columns: 10) == ["toy.old: ", "toy.bear:"])
}

@Test func elsewhereAStepIsToldOfAgainEveryTenSeconds() throws {
  let plan = try plan()
  var log = ApplyLog(plan)
  _ = log.take(.started(try step(plan, "bear")), at: .zero, plain)
  #expect(log.reminders(at: .seconds(9)).isEmpty)
  #expect(log.reminders(at: .seconds(10)) == ["toy.bear: still creating (10s)"])
  #expect(log.reminders(at: .seconds(11)).isEmpty)
  #expect(log.reminders(at: .seconds(21)) == ["toy.bear: still creating (21s)"])
}

@Test func aTerminalIsDrawnOverAndWhatIsDoneStays() throws {
  let proposal = try Proposal.toys(to: [Toy(name: "bear"), Toy(name: "doll")])
  let (bear, doll) = (try step(proposal.plan, "bear"), try step(proposal.plan, "doll"))
  let (recorder, time) = (Recorder(), Time())
  let narrator = TextNarrator(recorder.console(isTerminal: true)) { time.now }
  narrator.begin(proposal)
  narrator.tell(.started(bear))
  narrator.tell(.started(doll))
  narrator.tick()
  time.now = .seconds(3)
  narrator.tell(.finished(bear, .done(.seconds(3))))
  narrator.tell(.finished(doll, .done(.seconds(3))))
  narrator.end(proposal, Report(outcomes: [bear.id: .done(.seconds(3)), doll.id: .done(.seconds(3))]))
  #expect(
    recorder.diagnostics == """

      toy.bear: creating (0s)
      toy.doll: creating (0s)
      \u{1b}[2A\u{1b}[Jtoy.bear: created after 3s
      toy.doll: creating (3s)
      \u{1b}[1A\u{1b}[Jtoy.doll: created after 3s

      """)
}
