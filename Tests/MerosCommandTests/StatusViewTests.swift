import Host
import QMP
import Reconcile
import Resources
import Testing

@testable import MerosCommand

@Test func theStatusShowsWhatIsThereAndWhetherItAgrees() throws {
  let before = [
    Toy(name: "bear", attributes: ["color": "red"]), Toy(name: "doll"), Toy(name: "old"),
    Toy(name: "chest", isDataDisk: true),
  ]
  let proposal = try Proposal.toys(
    from: before, to: [Toy(name: "bear", attributes: ["color": "blue"]), Toy(name: "doll"), Toy(name: "new")])
  #expect(
    StatusView([proposal]).text(Paint(isOn: false)) == """
      RESOURCE   STATE      DIFFERS IN
      toy.bear   differs    color
      toy.chest  kept
      toy.doll   ok
      toy.new    missing
      toy.old    left over

      """)
}

@Test func theStatusForProgramsHasTheSameFacts() throws {
  let proposal = try Proposal.toys(
    from: [Toy(name: "bear", attributes: ["color": "red"])], to: [Toy(name: "bear", attributes: ["color": "blue"])])
  #expect(
    StatusView([proposal]).json == """
      {"format_version":"1.0","resources":[{"address":"toy.bear","agrees":false,"constellation":"lab","desired":true,\
      "differs_in":["color"],"kind":"toy","observed":true,"state":"differs"}]}

      """)
}

@Test func aRunningMachineShowsItsProcessAndState() throws {
  let machine = ObservedMachine(name: "web", pid: 4711, attributes: [:], isManageable: true, runState: "paused")
  let address = ResourceAddress(kind: "vm", name: "web")
  let observation = Observation(
    scope: .test,
    resources: [
      address: ObservedResource(value: ObservedVirtualMachine(machine: machine, scope: .test))
    ])
  let proposal = Proposal(Goal(destroying: "lab"), observation, kinds: Kinds.all)
  #expect(
    StatusView([proposal]).text(Paint(isOn: false)) == """
      RESOURCE  STATE      PID   RUNS
      vm.web    left over  4711  paused

      """)
}

@Test func nothingIsSaidPlainly() {
  #expect(
    StatusView([.destroying([])]).text(Paint(isOn: false)) == "Nothing is there, and nothing should be.\n")
}
