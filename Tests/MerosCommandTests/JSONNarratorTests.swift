import Diagnostics
import Host
import QMP
import Reconcile
import Testing

@testable import MerosCommand

private func told(_ body: (JSONNarrator) -> Void) -> [JSON] {
  let recorder = Recorder()
  body(JSONNarrator(recorder.console(), timestamp: { "T" }, now: { .seconds(7) }))
  return recorder.output.split(separator: "\n").compactMap { JSON(parsing: String($0)) }
}

@Test func anApplyIsAStreamOfObjectsAsOpenTofuWritesThem() async throws {
  let (world, recorder) = (ToyWorld(refused: ["make doll"]), Recorder())
  try await ToyWorld.$current.withValue(world) {
    let narrator = JSONNarrator(recorder.console(), timestamp: { "T" }, now: { .zero })
    let session = ApplySession(
      kinds: [Toy.self], host: .inMemory, gate: Gate(), isApproved: true, parallelism: 1, narrator: narrator)
    let proposal = try Proposal.toys(to: [Toy(name: "bear"), Toy(name: "doll")])
    #expect(await session.run([proposal]) == .incomplete)
  }
  let lines = recorder.output.split(separator: "\n").map { JSON(parsing: String($0)) }
  #expect(!lines.contains(nil))
  #expect(
    lines.map { $0?["type"]?.string } == [
      "planned_change", "planned_change", "change_summary", "apply_start", "apply_progress", "apply_complete",
      "apply_start", "apply_progress", "apply_errored", "diagnostic", "diagnostic",
    ])
  #expect(lines.allSatisfy { $0?["@timestamp"] == "T" && $0?["@message"] != nil && $0?["@level"] != nil })
  #expect(
    lines[3]
      == JSON(
        parsing: """
          {"@level":"info","@message":"toy.bear: creating","@module":"meros.ui","@timestamp":"T","type":"apply_start",
           "hook":{"action":"create","resource":{"addr":"toy.bear","resource_type":"toy","resource_name":"bear"}}}
          """))
  #expect(lines[9]?["diagnostic"]?["summary"] == "cannot make doll: a screw is not there")
  #expect(lines[10]?["diagnostic"]?["summary"] == "toy.doll is not yet as it should be")
}

@Test func aProgramIsNeverAsked() throws {
  let proposal = try Proposal.toys(to: [Toy(name: "bear")])
  let lines = told { #expect($0.ask([proposal], destroying: false) == nil) }
  #expect(lines.first?["diagnostic"]?["detail"] == "give --auto-approve")
}

@Test func whatIsWrittenInAManifestIsToldWithItsPlace() {
  let place = SourceLocation(file: "lab.yml", line: 3, column: 5)
  let lines = told { $0.warn(Diagnostics(Diagnostic(.warning, "kvm is not there", at: place, remedy: "nothing"))) }
  #expect(
    lines == [
      JSON(
        parsing: """
          {"@level":"warn","@message":"warning: kvm is not there","@module":"meros.ui","@timestamp":"T",
           "type":"diagnostic","diagnostic":{"severity":"warning","summary":"kvm is not there","detail":"nothing",
           "range":{"filename":"lab.yml","start":{"line":3,"column":5}}}}
          """)
    ])
}
