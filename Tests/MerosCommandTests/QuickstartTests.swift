import Host
import HostTesting
import Reconcile
import Resources
import SystemPackage
import Testing

@testable import MerosCommand

/// The example on a machine in memory, with every real kind.
private struct Quickstart {
  let memory = MemoryHost()
  let recorder = Recorder()

  func goal() async throws -> Goal {
    let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
    let loader = Loader(folder: root, data: Scope.test.data, host: memory.host)
    return try #require(try await loader.goals(["quickstart"]).0.first)
  }

  func proposal(_ goal: Goal) async throws -> Proposal {
    let scope = Scope(constellation: goal.constellation, data: Scope.test.data)
    return Proposal(goal, try await Observation(of: Kinds.all, scope, on: memory.host), kinds: Kinds.all)
  }

  func saved(_ proposal: Proposal) -> SavedPlan {
    SavedPlan([proposal], dataIdentity: Scope.test.data.text, networkNamespace: nil, isDestruction: false)
  }

  func run(_ proposal: Proposal, destroying: Bool = false) async -> ApplySession.Ending {
    await ApplySession(
      kinds: Kinds.all, host: memory.host, gate: Gate(isDestruction: destroying), isApproved: true,
      narrator: TextNarrator(recorder.console())
    ).run([proposal])
  }
}

@Test func theQuickstartIsAppliedOnceThenLeftAloneThenDestroyed() async throws {
  let quickstart = Quickstart()
  let goal = try await quickstart.goal()
  #expect(await quickstart.run(try await quickstart.proposal(goal)) == .complete)
  #expect(quickstart.recorder.output.contains("\nApply complete! Resources: "))

  let deeds = quickstart.memory.faults.log.count
  let again = try await quickstart.proposal(goal)
  #expect(again.plan.isEmpty)
  #expect(await quickstart.run(again) == .complete)
  #expect(quickstart.memory.faults.log.count == deeds)
  #expect(StatusView([again]).text(Paint(isOn: false)).contains("vm.web"))

  let gone = try await quickstart.proposal(Goal(destroying: goal.constellation))
  #expect(await quickstart.run(gone, destroying: true) == .complete)
  #expect(try await quickstart.memory.links.links().isEmpty)
  #expect(try await quickstart.memory.machines.machines(of: gone.observation.scope).isEmpty)
  #expect(quickstart.recorder.output.contains("\nDestroy complete! Resources: "))
}

@Test func aSavedPlanOfTheQuickstartHoldsUntilSomethingMoves() async throws {
  let quickstart = Quickstart()
  let plan = quickstart.saved(try await quickstart.proposal(try await quickstart.goal()))
  let read = try SavedPlan(parsing: Array(plan.text.utf8))
  #expect(read.movements(to: quickstart.saved(try await quickstart.proposal(try await quickstart.goal()))).isEmpty)

  #expect(await quickstart.run(try await quickstart.proposal(try await quickstart.goal())) == .complete)
  let after = read.movements(to: quickstart.saved(try await quickstart.proposal(try await quickstart.goal())))
  #expect(after.contains(.observed(ResourceAddress(kind: "bridge", name: "lan"))))
  #expect(!after.contains { if case .desired = $0 { true } else { false } })
}

@Test func aStepThatFailsIsMendedByTheNextApply() async throws {
  let quickstart = Quickstart()
  let goal = try await quickstart.goal()
  quickstart.memory.faults.refuse(5)
  #expect(await quickstart.run(try await quickstart.proposal(goal)) == .incomplete)
  #expect(quickstart.recorder.diagnostics.contains("quickstart is not yet as it should be; this remains:"))
  quickstart.memory.faults.relent()
  #expect(await quickstart.run(try await quickstart.proposal(goal)) == .complete)
}
