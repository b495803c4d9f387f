import Host
import HostTesting
import Network
import Reconcile
import Resources
import Testing

/// From everywhere to everywhere: what the reconciler promises, over all kinds, on a machine in memory.
@Suite struct ConvergenceTests {
  struct Step: CustomStringConvertible, Sendable {
    let start: String
    let goal: String
    var description: String { "from \(start) to \(goal)" }
  }

  /// All pairs but those that no plan takes: disks do not shrink.
  static let steps = ConvergenceManifests.names.flatMap { start in
    ConvergenceManifests.names.map { Step(start: start, goal: $0) }
  }.filter { $0.start != ConvergenceManifests.grown || !ConvergenceManifests.smaller.contains($0.goal) }

  private func manifest(_ name: String) throws -> String { try #require(ConvergenceManifests.all[name]) }

  @Test(arguments: steps) func afterApplyingNothingIsLeftToDo(_ step: Step) async throws {
    let memory = MemoryHost()
    let laboratory = try Laboratory(memory.host)
    for name in [step.start, step.goal] {
      let manifest = try manifest(name)
      let before = try await laboratory.plan(manifest)
      #expect(before.problems == [])
      let report = await before.apply(on: memory.host)
      #expect(report.failures == [])
      let rest = try await laboratory.plan(manifest)
      #expect(rest.lines == [])
    }
    try await laboratory.apply(nil)
    try await expectNothingLeft(memory, laboratory)
  }

  @Test(arguments: steps) func whateverDeedIsRefusedTheNextApplyMends(_ step: Step) async throws {
    let (start, goal) = (try manifest(step.start), try manifest(step.goal))
    var place = 0
    while true {
      let memory = MemoryHost()
      let laboratory = try Laboratory(memory.host)
      try await laboratory.apply(start)
      memory.faults.refuse(place)
      let report = try await laboratory.apply(goal)
      // Fewer deeds than that: every one has been refused once.
      if report.isComplete { break }
      memory.faults.relent()
      let second = try await laboratory.apply(goal)
      #expect(second.failures == [], "deed \(place) was refused")
      let rest = try await laboratory.plan(goal)
      #expect(rest.lines == [], "deed \(place) was refused")
      place += 1
    }
  }

  @Test(arguments: ConvergenceManifests.names) func aDestructionThatIsRefusedSomewhereIsFinishedByTheNext(
    _ name: String
  )
    async throws
  {
    let start = try manifest(name)
    var place = 0
    while true {
      let memory = MemoryHost()
      let laboratory = try Laboratory(memory.host)
      try await laboratory.apply(start)
      memory.faults.refuse(place)
      if try await laboratory.apply(nil).isComplete { break }
      memory.faults.relent()
      try await laboratory.apply(nil)
      try await expectNothingLeft(memory, laboratory)
      place += 1
    }
  }

  @Test func aDiskThatWouldShrinkIsRefusedBeforeAnythingIsDone() async throws {
    let memory = MemoryHost()
    let laboratory = try Laboratory(memory.host)
    try await laboratory.apply(try manifest(ConvergenceManifests.grown))
    let plan = try await laboratory.plan(try manifest(ConvergenceManifests.ungrown))
    let disk = ResourceAddress(kind: Disk.kind, name: "web/web-data")
    #expect(plan.problems == [.obstacle(disk, .shrinks(from: "2G", to: "1G"))])
  }

  /// Only data disks, which nobody asked to delete, and what was there before.
  private func expectNothingLeft(_ memory: MemoryHost, _ laboratory: Laboratory) async throws {
    let plan = try await laboratory.plan(nil)
    #expect(plan.lines == [])
    #expect(plan.kept.allSatisfy { $0.address.kind == Disk.kind && $0.reason == .dataDisk })
    #expect(try await memory.links.links() == [])
    #expect(try await memory.packetFilter.tables() == [])
    #expect(try await memory.forwarding.state() == ForwardingState(ipv4: false, ipv6: false))
    #expect(try await memory.machines.machines(of: laboratory.scope) == [])
    #expect(try await memory.nameservers.nameservers(of: laboratory.scope) == [])
    #expect(try await memory.keys.keys(of: "lab") == [])
    #expect(try await memory.limits.limits(of: laboratory.scope) == [])
  }
}
