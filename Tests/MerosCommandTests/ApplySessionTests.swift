import Host
import Reconcile
import Synchronization
import Testing

@testable import MerosCommand

private func session(
  _ console: Console, gate: Gate = Gate(), isApproved: Bool = false, interrupts: Interrupts = .none
) -> ApplySession {
  ApplySession(
    kinds: [Toy.self], host: .inMemory, gate: gate, isApproved: isApproved,
    narrator: TextNarrator(console, now: { .zero }), interrupts: interrupts)
}

private func proposal(_ world: ToyWorld, _ name: String = "lab", to after: [Toy]) throws -> Proposal {
  Proposal(Goal(name, try ResourceGraph(after)), world.observation(), kinds: [Toy.self])
}

private let bear = Toy(name: "bear", attributes: ["color": "red"])

@Test func yesIsTheOnlyAnswerThatApproves() async throws {
  for (answer, ending) in [("yes", ApplySession.Ending.complete), ("y", .refused), ("YES", .refused), ("", .refused)] {
    let (world, recorder) = (ToyWorld(), Recorder())
    try await ToyWorld.$current.withValue(world) {
      let result = await session(recorder.console(answer: answer)).run([try proposal(world, to: [bear])])
      #expect(result == ending)
    }
    #expect(world.deeds == (ending == .complete ? ["make bear"] : []))
    #expect(recorder.diagnostics.contains("Only 'yes' will be accepted to approve."))
    #expect(recorder.diagnostics.contains("Apply cancelled") == (ending == .refused))
  }
}

@Test func withoutATerminalAndApprovalNothingIsDone() async throws {
  let (world, recorder) = (ToyWorld(), Recorder())
  let ending = await session(recorder.console()).run([try proposal(world, to: [bear])])
  #expect(ending == .refused)
  #expect(world.deeds.isEmpty)
  #expect(
    recorder.diagnostics == """
      error: this needs your approval, and there is no terminal to ask on
        do: read the plan, then run it again with --auto-approve

      """)
}

@Test func anApprovedPlanIsAppliedAndLookedAtAgain() async throws {
  let (world, recorder) = (ToyWorld(), Recorder())
  try await ToyWorld.$current.withValue(world) {
    let ending = await session(recorder.console(), isApproved: true).run([try proposal(world, to: [bear])])
    #expect(ending == .complete)
  }
  #expect(recorder.output.hasSuffix("\nApply complete! Resources: 1 added, 0 changed, 0 destroyed.\n"))
  #expect(recorder.diagnostics == "\ntoy.bear: created after 0s\n")
}

@Test func aSecondApplyDoesNothingAndSaysSo() async throws {
  let (world, recorder) = (ToyWorld([bear]), Recorder())
  let ending = await session(recorder.console()).run([try proposal(world, to: [bear])])
  #expect(ending == .complete)
  #expect(
    recorder.output == """
      No changes. Your infrastructure matches the constellation.

      Apply complete! Resources: 0 added, 0 changed, 0 destroyed.

      """)
}

@Test(arguments: [PlanOptions(targets: [toy("bear")]), PlanOptions(deletions: [toy("bear")])])
func whatWasNamedMayBeGoneAfterwards(_ options: PlanOptions) async throws {
  var kept = bear
  kept.isDataDisk = !options.deletions.isEmpty
  let (world, recorder) = (ToyWorld([kept]), Recorder())
  await ToyWorld.$current.withValue(world) {
    let ending = await session(recorder.console(), isApproved: true).run([
      .destroying([kept], options: options)
    ])
    #expect(ending == .complete, "\(recorder.diagnostics)")
  }
  #expect(world.things.isEmpty)
}

@Test func whatRemainsAfterwardsIsAFailure() async throws {
  let (world, recorder) = (ToyWorld(forgotten: ["make bear"]), Recorder())
  try await ToyWorld.$current.withValue(world) {
    let ending = await session(recorder.console(), isApproved: true).run([try proposal(world, to: [bear])])
    #expect(ending == .incomplete)
  }
  #expect(
    recorder.diagnostics == """

      toy.bear: created after 0s

      error: lab is not yet as it should be; this remains:
        + toy.bear
        do: apply again once the cause is gone: it goes on from here

      """)
}

@Test func aStepThatFailedIsAFailureThoughNothingRemains() async throws {
  let (world, recorder) = (ToyWorld(refused: ["make bear"]) { _ in ToyWorld.current.put(bear) }, Recorder())
  try await ToyWorld.$current.withValue(world) {
    let ending = await session(recorder.console(), isApproved: true).run([try proposal(world, to: [bear])])
    #expect(ending == .incomplete)
  }
  #expect(!recorder.output.contains("Apply complete!"))
  #expect(
    recorder.diagnostics.hasSuffix(
      """

      error: not every step of lab was done, though nothing remains to be changed
        do: see above what went wrong, and what to do about it

      """), "\(recorder.diagnostics)")
}

@Test func aFailureShowsItsCauseAndWhatWasSkipped() async throws {
  let (world, recorder) = (ToyWorld(refused: ["make bear"]), Recorder())
  let doll = Toy(name: "doll", dependencies: [toy("bear")])
  try await ToyWorld.$current.withValue(world) {
    let plan = try proposal(world, to: [bear, doll, Toy(name: "train")])
    #expect(await session(recorder.console(), isApproved: true).run([plan]) == .incomplete)
  }
  #expect(world.deeds == ["make train"])
  #expect(recorder.diagnostics.contains("toy.bear: failed while creating after 0s\n"))
  #expect(recorder.diagnostics.contains("toy.doll: skipped, it waits for toy.bear\n"))
  #expect(
    recorder.diagnostics.hasSuffix(
      """

      toy.bear:
      error: cannot make bear: a screw is not there
        do: apply again to make a screw, or put it where it belongs

      1 step done, 1 failed and 1 skipped because of that

      error: lab is not yet as it should be; this remains:
        + toy.bear
        + toy.doll
        do: apply again once the cause is gone: it goes on from here

      """))
}

@Test func aPlanThatCostsTooMuchIsRefusedBeforeAnythingIsDone() async throws {
  let (world, recorder) = (ToyWorld([bear]), Recorder())
  let blue = Toy(name: "bear", attributes: ["color": "blue"], disruption: .restart)
  let gate = Gate(maximum: .live)
  let plan = try proposal(world, to: [blue, Toy(name: "new")])
  #expect(await session(recorder.console(), gate: gate, isApproved: true).run([plan]) == .refused)
  #expect(world.deeds.isEmpty)
  #expect(
    recorder.diagnostics == """
      error: toy.bear costs restart, which is more than live
        do: nothing was done; allow it with --max-disruption restart, or leave it out with --target

      """)
}

@Test func approvalBeforehandDoesNotCoverWhatIsLost() async throws {
  let blue = Toy(name: "bear", attributes: ["color": "blue"], disruption: .rebuild)
  for answer in [nil, "no", "yes"] {
    let (world, recorder) = (ToyWorld([bear]), Recorder())
    let gate = Gate(isInteractive: answer != nil)
    try await ToyWorld.$current.withValue(world) {
      let plan = try proposal(world, to: [blue])
      let ending = await session(recorder.console(answer: answer), gate: gate, isApproved: true).run([plan])
      #expect(ending == (answer == "yes" ? .complete : .refused))
    }
    #expect(world.deeds.isEmpty == (answer != "yes"))
    #expect(recorder.diagnostics.contains(answer == nil ? "nobody can be asked" : "written on toy.bear will be lost"))
  }
}

@Test func problemsKeepAPlanFromBeingApplied() async throws {
  let (world, recorder) = (ToyWorld(), Recorder())
  let plan = try proposal(world, to: [Toy(name: "bear", obstacle: .isProtected), Toy(name: "doll")])
  #expect(await session(recorder.console(), isApproved: true).run([plan]) == .refused)
  #expect(world.deeds.isEmpty)
}

@Test func theFirstInterruptFinishesWhatRunsAndBeginsNothing() async throws {
  let count = Atomic(0)
  let world = ToyWorld(before: { _ in
    count.add(1, ordering: .relaxed)
    // Long enough that the interrupt is seen while the deed is under way.
    try? await Task.sleep(for: .milliseconds(300))
  })
  let recorder = Recorder()
  try await ToyWorld.$current.withValue(world) {
    let plan = try proposal(world, to: [bear, Toy(name: "doll", dependencies: [toy("bear")])])
    let interrupts = Interrupts { count.load(ordering: .relaxed) }
    let ending = await session(recorder.console(), isApproved: true, interrupts: interrupts).run([plan])
    #expect(ending == .incomplete)
  }
  #expect(world.deeds == ["make bear"])
  #expect(
    recorder.diagnostics == """

      Interrupted: what runs is finished, nothing more is begun; interrupt again to stop at once
      toy.bear: created after 0s
      toy.doll: skipped, interrupted before it began

      1 step done and 1 not begun because of the interrupt

      error: lab is not yet as it should be; this remains:
        + toy.doll
        do: apply again once the cause is gone: it goes on from here

      """)
}

@Test func theSecondInterruptStopsAtOnce() async throws {
  let count = Atomic(0)
  let world = ToyWorld(before: { _ in
    count.add(2, ordering: .relaxed)
    // Ends early, and with it the deed, when the task is cancelled.
    try? await Task.sleep(for: .seconds(60))
  })
  let recorder = Recorder()
  try await ToyWorld.$current.withValue(world) {
    let interrupts = Interrupts { count.load(ordering: .relaxed) }
    let plan = try proposal(world, to: [bear])
    #expect(await session(recorder.console(), isApproved: true, interrupts: interrupts).run([plan]) == .incomplete)
  }
  #expect(world.deeds.isEmpty)
  #expect(recorder.diagnostics.contains("Interrupted again: stopping at once\n"))
  #expect(recorder.diagnostics.contains("cannot make bear: it was interrupted"))
}

@Test func severalAreAppliedInTheirOrderAndTheRestIsNotBegunAfterAFailure() async throws {
  let (world, recorder) = (ToyWorld(refused: ["make bear"]), Recorder())
  try await ToyWorld.$current.withValue(world) {
    let plans = [try proposal(world, to: [bear]), try proposal(world, "shop", to: [Toy(name: "doll")])]
    #expect(await session(recorder.console(), isApproved: true).run(plans) == .incomplete)
  }
  #expect(world.deeds.isEmpty)
  #expect(recorder.diagnostics.hasSuffix("shop: not begun\n"))
}

@Test func whatMovedSinceItWasShownIsNotApplied() async throws {
  let world = ToyWorld(before: { deed in
    if deed == "make bear" { ToyWorld.current.put(Toy(name: "doll", attributes: ["hair": "long"])) }
  })
  let recorder = Recorder()
  try await ToyWorld.$current.withValue(world) {
    let doll = Toy(name: "doll", attributes: ["hair": "short"])
    let plans = [
      Proposal(
        Goal("lab", try ResourceGraph([bear])), world.observation(), kinds: [Toy.self],
        options: PlanOptions(targets: [toy("bear")])),
      Proposal(
        Goal("shop", try ResourceGraph([bear, doll])), world.observation(), kinds: [Toy.self]),
    ]
    #expect(await session(recorder.console(), isApproved: true).run(plans) == .incomplete)
  }
  #expect(world.deeds == ["make bear"])
  #expect(recorder.diagnostics.contains("error: the host changed since the plan of shop was shown\n"))
}

@Test func destroyHasItsOwnWords() async {
  let (world, recorder) = (ToyWorld([Toy(name: "bear", disruption: .rebuild)]), Recorder())
  await ToyWorld.$current.withValue(world) {
    let gate = Gate(isInteractive: true, isDestruction: true)
    let plan = Proposal(Goal(destroying: "lab"), world.observation(), kinds: [Toy.self])
    #expect(await session(recorder.console(answer: "yes"), gate: gate).run([plan]) == .complete)
  }
  #expect(recorder.diagnostics.contains("Do you really want to destroy lab?"))
  #expect(recorder.output.hasSuffix("\nDestroy complete! Resources: 1 destroyed.\n"))
}
