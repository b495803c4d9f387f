import Host
import HostTesting
import Reconcile
import Resources
import Testing

/// VMs that a person shut down, paused, or woke.
@Suite struct PowerTests {
  private let web = ResourceAddress(kind: VirtualMachine.kind, name: "web")
  private let db = ResourceAddress(kind: VirtualMachine.kind, name: "db")
  private let grace = Duration.seconds(5)

  private func manifest(_ more: String...) -> String {
    """
    bridges:
      lan: {subnet: 10.1.0.1/24}
    virtual_machines:
      db: {networks: [{bridge: lan, ip_addr: 10.1.0.11}]}
      web:
        networks: [{bridge: lan, ip_addr: 10.1.0.10}]
        depends_on: [db]

    """ + more.map { "    \($0)\n" }.joined()
  }

  private func off(_ targets: ResourceAddress...) -> PlanOptions {
    PlanOptions(.shutdown(grace: grace), to: Set(targets))
  }

  private func running(_ laboratory: Laboratory) async throws -> [String: String?] {
    let machines = try await laboratory.host.machines.machines(of: laboratory.scope)
    return [String: String?](uniqueKeysWithValues: machines.map { ($0.name, $0.runState) })
  }

  @Test func whatWasShutDownStaysSoAndThePlanSaysIt() async throws {
    let laboratory = try Laboratory(MemoryHost().host)
    try await laboratory.apply(manifest())
    let plan = try await laboratory.plan(manifest(), off(web))
    #expect(plan.lines == ["update vm.web [\"power: on -> off\"]"])
    #expect(plan.disruption == .restart)
    #expect(await plan.apply(on: laboratory.host).failures == [])
    #expect(try await running(laboratory) == ["db": "running"])

    let after = try await laboratory.plan(manifest())
    #expect(after.lines == [])
    let rests = Pending(web, [Reason("power", before: "off", after: "on")], cause: .isShutDown)
    #expect(after.pending == [rests])
    try await laboratory.apply(manifest("memory: 512M"))
    #expect(try await running(laboratory) == ["db": "running"])
    #expect(try await laboratory.plan(manifest(), off(web)).lines == [])
  }

  @Test func startWakesItAsTheManifestHasItNow() async throws {
    let laboratory = try Laboratory(MemoryHost().host)
    try await laboratory.apply(manifest())
    try await laboratory.apply(manifest(), off(web, db))
    #expect(try await running(laboratory) == [:])
    let larger = manifest("memory: 512M")
    try await laboratory.apply(larger, PlanOptions(.start, to: [web]))
    // What it depends on was shut down for itself.
    #expect(try await running(laboratory) == ["web": "running"])
    let after = try await laboratory.plan(larger)
    #expect(after.lines == [] && after.pending.map(\.address) == [db])
    try await laboratory.apply(larger, PlanOptions(.start, to: [db]))
    let complete = try await laboratory.plan(larger)
    #expect(complete.lines == [] && complete.pending == [])
  }

  @Test func aMachineThatDoesNotRunCanBeShutDownForLater() async throws {
    let memory = MemoryHost()
    let laboratory = try Laboratory(memory.host)
    #expect(try await laboratory.plan(manifest(), off(web)).lines == [])
    try await laboratory.apply(manifest())
    memory.machines.crash("web", of: laboratory.scope)
    let plan = try await laboratory.plan(manifest(), off(web))
    #expect(plan.disruption == .none)
    #expect(await plan.apply(on: laboratory.host).failures == [])
    #expect(try await laboratory.plan(manifest()).lines == [])
  }

  @Test func aShutdownTouchesNothingElse() async throws {
    let laboratory = try Laboratory(MemoryHost().host)
    try await laboratory.apply(manifest())
    let other = manifest("packages: [nginx]").replacing("10.1.0.1/24", with: "10.1.0.2/24")
    #expect(try await laboratory.plan(other, off(web)).changes.map(\.address) == [web])
    #expect(try await laboratory.plan(other, PlanOptions(.pause, to: [web])).changes.map(\.address) == [web])
  }

  @Test func aRestartIsOneAndNotMore() async throws {
    let memory = MemoryHost()
    let laboratory = try Laboratory(memory.host)
    try await laboratory.apply(manifest())
    let before = try await laboratory.host.machines.machines(of: laboratory.scope)
    let plan = try await laboratory.plan(manifest(), PlanOptions(.restart(grace: grace), to: [web]))
    #expect(plan.lines == ["update vm.web [\"requested: - -> restart\"]"])
    #expect(await plan.apply(on: laboratory.host).failures == [])
    let after = try await laboratory.host.machines.machines(of: laboratory.scope)
    #expect(after.map(\.name) == ["db", "web"] && after[0] == before[0] && after[1].pid != before[1].pid)
  }

  @Test func whatIsPausedIsLeftSoAndThePlanSaysIt() async throws {
    let laboratory = try Laboratory(MemoryHost().host)
    try await laboratory.apply(manifest())
    try await laboratory.apply(manifest(), PlanOptions(.pause, to: [web]))
    #expect(try await running(laboratory) == ["db": "running", "web": "paused"])
    let plan = try await laboratory.plan(manifest())
    #expect(plan.lines == [])
    #expect(plan.pending.map(\.cause) == [.isPaused])
    #expect(try await laboratory.plan(manifest(), PlanOptions(.pause, to: [web])).lines == [])
    try await laboratory.apply(manifest(), PlanOptions(.resume, to: [web, db]))
    #expect(try await running(laboratory) == ["db": "running", "web": "running"])
    #expect(try await laboratory.plan(manifest()).pending == [])
  }

  @Test func aNewRootDiskDoesNotWakeItsMachine() async throws {
    let laboratory = try Laboratory(MemoryHost().host)
    try await laboratory.apply(manifest())
    try await laboratory.apply(manifest(), off(web))
    let rebuilt = manifest("packages: [nginx]")
    let plan = try await laboratory.plan(rebuilt)
    #expect(plan.changes.contains { $0.address.description == "disk.web" && $0.change.verb == .replace })
    #expect(await plan.apply(on: laboratory.host).failures == [])
    let after = try await laboratory.plan(rebuilt)
    #expect(after.lines == [] && after.pending.map(\.address) == [web])
  }

  /// From running to off to running, whichever deed is refused on the way.
  @Test(arguments: ConvergenceManifests.names) func aRequestThatIsRefusedSomewhereIsFinishedByTheNext(
    _ name: String
  ) async throws {
    let manifest = try #require(ConvergenceManifests.all[name])
    for request in [PowerRequest.shutdown(grace: grace), .restart(grace: grace), .pause] {
      var place = 0
      while true {
        let memory = MemoryHost()
        let laboratory = try Laboratory(memory.host)
        try await laboratory.apply(manifest)
        let machines = try await laboratory.desired(manifest).graph.order.filter { $0.kind == VirtualMachine.kind }
        let options = PlanOptions(request, to: Set(machines))
        memory.faults.refuse(place)
        if try await laboratory.apply(manifest, options).isComplete { break }
        memory.faults.relent()
        #expect(try await laboratory.apply(manifest).failures == [], "deed \(place) was refused")
        #expect(try await laboratory.plan(manifest).lines == [], "deed \(place) was refused")
        for wake in [PowerRequest.start, .resume] {
          try await laboratory.apply(manifest, PlanOptions(wake, to: Set(machines)))
        }
        let woken = try await laboratory.plan(manifest)
        #expect(woken.lines == [] && woken.pending == [], "deed \(place) was refused")
        place += 1
      }
    }
  }
}
