import Reconcile
import Testing

@testable import MerosCommand

private func saved(
  from before: [Toy], to after: [Toy], digest: String = "d", data: String = "0123456789abcdef"
) throws -> SavedPlan {
  var goal = Goal("lab", try ResourceGraph(after), path: "/lab/constellation.yml")
  goal.manifestDigest = digest
  let options = PlanOptions(targets: [], replacements: [toy("bear")], deletions: [toy("chest")])
  let proposal = Proposal(goal, ToyWorld(before).observation(), kinds: [Toy.self], options: options)
  return SavedPlan([proposal], dataIdentity: data, networkNamespace: "ns", isDestruction: false)
}

private let red = Toy(name: "bear", attributes: ["color": "red"])
private let blue = Toy(name: "bear", attributes: ["color": "blue"])

@Test func aSavedPlanIsReadBackAsItWas() throws {
  let plan = try saved(from: [red, Toy(name: "chest", isDataDisk: true)], to: [blue])
  #expect(try SavedPlan(parsing: Array(plan.text.utf8)) == plan)
  #expect(plan.parts.first?.changes.map(\.address) == [toy("bear"), toy("chest")])
}

@Test func aPlanThatIsStillTrueHasNotMoved() throws {
  #expect(try saved(from: [red], to: [blue]).movements(to: saved(from: [red], to: [blue])).isEmpty)
}

@Test func whatMovedIsNamed() throws {
  let plan = try saved(from: [red], to: [blue])
  let green = Toy(name: "bear", attributes: ["color": "green"])
  #expect(plan.movements(to: try saved(from: [green], to: [blue])) == [.observed(toy("bear"))])
  #expect(plan.movements(to: try saved(from: [red], to: [green])) == [.desired(toy("bear"))])
  #expect(plan.movements(to: try saved(from: [red, Toy(name: "x")], to: [blue])) == [.observed(toy("x"))])
  #expect(plan.movements(to: try saved(from: [red], to: [blue], digest: "e")) == [.manifest("lab")])
  #expect(plan.movements(to: try saved(from: [red], to: [blue], data: "fedcba9876543210")) == [.dataDirectory])
}

@Test func anotherPlanOfTheSamePartsIsAnother() throws {
  var plan = try saved(from: [red], to: [blue])
  plan.parts[0].changes = []
  #expect(plan.movements(to: try saved(from: [red], to: [blue])) == [.plan])
}

@Test(
  arguments: [
    ("", SavedPlan.ReadError.notSavedPlan), ("name: lab\n", .notSavedPlan), (#"{"format":"other"}"#, .notSavedPlan),
    (#"{"format":"meros saved plan","version":9}"#, .version(9)),
    (#"{"format":"meros saved plan","version":1}"#, .malformed),
    (#"{"format":"meros saved plan","version":1,"data":"x","destroy":false,"constellations":[]}"#, .malformed),
    (#"{"format":"meros saved plan","version":1,"data":"x","destroy":false,"constellations":[{}]}"#, .malformed),
  ])
func whatIsNoSavedPlanIsRefused(_ text: String, _ error: SavedPlan.ReadError) {
  #expect(throws: error) { try SavedPlan(parsing: Array(text.utf8)) }
}

@Test func aStalePlanSaysWhatMovedAndWhatToDo() {
  #expect(
    SavedPlanView("lab.plan").stale([.manifest("lab"), .observed(toy("bear"))], Paint(isOn: false)) == """
      error: lab.plan is stale: what it was made of has moved
        the manifest of lab was edited
        toy.bear: what it is on the host has changed
        do: plan again with --out lab.plan, read it, and apply that

      """)
}
