import Diagnostics
import Host
import Reconcile
import Resources
import Testing

@testable import MerosCommand

private func vm(_ name: String) -> ResourceAddress { ResourceAddress(kind: "vm", name: name) }

private func choice(_ request: PowerRequest, _ names: String...) throws -> PowerChoice {
  let running = ["web", "old"].map {
    ObservedMachine(name: $0, pid: 7, attributes: [:], isManageable: true, runState: "running")
  }
  let roster = Roster("lab", written: [("web", nil), ("db", nil)], running: running, traces: [])
  return try PowerChoice(request, names, roster, written: ["web", "db"])
}

@Test func withoutANameAllMachinesAreMeant() throws {
  #expect(try choice(.start).targets == [vm("web"), vm("db")])
  #expect(try choice(.shutdown(grace: .seconds(1)), "db").targets == [vm("db")])
}

@Test(arguments: [
  (PowerRequest.start, "wbe", "lab has no VM wbe", "did you mean web?"),
  (.start, "old", "vm.old is no longer in the manifest of lab", "meros apply lab takes it away"),
  (.pause, "db", "vm.db of lab does not run", "meros start lab db starts it"),
])
func aMachineThatCannotBeMeantIsRefusedWithWhatToDo(
  _ request: PowerRequest, _ name: String, _ summary: String, _ remedy: String
) throws {
  #expect {
    _ = try choice(request, name)
  } throws: { error in
    let fault = (error as? Diagnostics)?.all.first
    return fault?.summary == summary && fault?.remedy?.hasPrefix(remedy) == true
  }
}

@Test func nobodyIsAskedUnlessMoreThanTheNamedIsDisturbed() throws {
  let choice = try choice(.start, "web")
  let own = Observation(
    scope: .test,
    resources: [vm("web"): ObservedResource(value: ObservedVirtualMachine(machine: nil, scope: .test, power: .off))])
  let goal = Goal("lab", try ResourceGraph([VirtualMachine.test("web")]))
  #expect(choice.covers([Proposal(goal, own, kinds: Kinds.all, options: choice.options)]))
  let before = Toy(name: "bear", attributes: ["color": "red"], disruption: .restart)
  let after = Toy(name: "bear", attributes: ["color": "blue"], disruption: .restart)
  #expect(!choice.covers([try .toys(from: [before], to: [after])]))
}
