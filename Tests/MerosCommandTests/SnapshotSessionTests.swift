import Host
import HostTesting
import MerosCommand
import Network
import Resources
import Synchronization
import Testing

@Suite struct SnapshotSessionTests {
  private let host = MemoryHost()
  private var session: SnapshotSession { SnapshotSession(host: host.host, scope: .test) }

  private static func name(_ text: String) throws -> SnapshotName { try #require(SnapshotName(text)) }

  /// web runs, db is paused by a person, cache is off; web has a data disk.
  private func makeMachines() async throws {
    for disk in ["web", "web/data", "db", "cache"] {
      try await host.disks.ensure(
        DiskDesign(
          scope: .test, name: disk, content: disk.contains("/") ? .data(fileSystem: nil, label: "data") : .own,
          size: ByteCount(bytes: 1 << 20), isProtected: false))
    }
    var web = VirtualMachine.test("web").design
    web.disks.append(.init(name: "web/data", serial: "data"))
    try await host.machines.start(web)
    try await host.machines.start(VirtualMachine.test("db").design)
    try await host.machines.pause("db", of: .test)
    for machine in ["web", "db", "cache"] { host.snapshots.write("then", to: machine, of: .test) }
    host.faults.relent()
  }

  private func runStates() async throws -> [String: String] {
    let machines = try await host.machines.machines(of: .test)
    return [String: String](uniqueKeysWithValues: machines.map { ($0.name, $0.runState ?? "") })
  }

  private func contents() -> [String] {
    ["cache", "db", "web"].map { host.snapshots.content(of: $0, of: .test) }
  }

  @Test func allGoBackTogether() async throws {
    try await makeMachines()
    let name = try Self.name("before")
    let saved = try await session.save(name, replaces: false)
    #expect(saved.group.isComplete)
    #expect(saved.group.members.map(\.machine) == ["cache", "db", "web"])
    #expect(saved.group.members.map(\.tag.power) == [.off, .paused, .running])
    #expect(saved.group.members.map(\.disks) == [["cache"], ["db"], ["web", "web/data"]])
    #expect(try await runStates() == ["web": "running", "db": "paused"])

    for machine in ["web", "db", "cache"] { host.snapshots.write("now", to: machine, of: .test) }
    // Who was paused then is so afterwards.
    try await host.machines.resume("db", of: .test)
    #expect(try await session.restore(name).group == saved.group)
    #expect(contents() == ["then", "then", "then"])
    #expect(try await runStates() == ["web": "running", "db": "paused"])

    #expect(try await session.remove(name) == [saved.group])
    #expect(try await session.groups() == [])
  }

  @Test func nobodyIsSavedBeforeAllStandStill() async throws {
    try await makeMachines()
    _ = try await session.save(try Self.name("before"), replaces: false)
    let log = host.faults.log
    let pause = try #require(log.firstIndex(of: "pause vm web"))
    let resume = try #require(log.firstIndex(of: "resume vm web"))
    let saves = log.indices.filter { log[$0].hasPrefix("save disk ") }
    #expect(saves.count == 4 && saves.allSatisfy { pause < $0 && $0 < resume })
  }

  @Test(arguments: ["pause vm web", "save disk web", "save disk web/data", "save disk cache", "save disk db"])
  func whatFailsLeavesNothingAndNobodyAsleep(_ deed: String) async throws {
    try await makeMachines()
    host.faults.refuse(deed)
    await #expect(
      throws: SnapshotFailure.notSaved([HostError(deed, .cancelled)], left: [], asleep: [])
    ) { try await session.save(try Self.name("before"), replaces: false) }
    #expect(try await session.groups() == [])
    #expect(try await runStates() == ["web": "running", "db": "paused"])
  }

  @Test func anInterruptLeavesNothing() async throws {
    try await makeMachines()
    let host = host
    // It comes as soon as something was saved.
    let interrupts = Interrupts { host.faults.log.contains("save disk web") ? 1 : 0 }
    let session = SnapshotSession(host: host.host, scope: .test, interrupts: interrupts)
    await #expect(throws: SnapshotFailure.notSaved([], left: [], asleep: [])) {
      try await session.save(try Self.name("before"), replaces: false)
    }
    #expect(try await session.groups() == [])
    #expect(try await runStates() == ["web": "running", "db": "paused"])
  }

  @Test func aRestoreThatFailsHalfwayLeavesAllStanding() async throws {
    try await makeMachines()
    let name = try Self.name("before")
    _ = try await session.save(name, replaces: false)
    host.faults.refuse("restore vm web")
    await #expect(
      throws: SnapshotFailure.halfRestored(
        [HostError("restore vm web", .cancelled)], restored: ["cache", "db"], standing: ["db", "web"])
    ) { try await session.restore(name) }
    #expect(try await runStates() == ["web": "paused", "db": "paused"])
    // Once more, and it is whole.
    host.faults.relent()
    _ = try await session.restore(name)
    #expect(try await runStates() == ["web": "running", "db": "paused"])
  }

  @Test func aRestoreThatDidNotBeginChangesNothing() async throws {
    try await makeMachines()
    let name = try Self.name("before")
    _ = try await session.save(name, replaces: false)
    for machine in ["web", "db", "cache"] { host.snapshots.write("now", to: machine, of: .test) }
    host.faults.refuse("pause vm web")
    await #expect(throws: SnapshotFailure.notRestored([HostError("pause vm web", .cancelled)], asleep: [])) {
      try await session.restore(name)
    }
    #expect(contents() == ["now", "now", "now"])
    #expect(try await runStates() == ["web": "running", "db": "paused"])
  }

  @Test func anotherMachineIsNotRestored() async throws {
    try await makeMachines()
    let name = try Self.name("before")
    _ = try await session.save(name, replaces: false)
    try await host.machines.stop("db", of: .test, grace: .zero)
    try await host.machines.start(VirtualMachine.test("cache").design)
    try await host.machines.stop("web", of: .test, grace: .zero)
    var web = VirtualMachine.test("web").design
    web.memory = ByteCount(bytes: 1 << 30)
    try await host.machines.start(web)
    await #expect(
      throws: SnapshotFailure.unfit(
        [
          SnapshotObstacle(machine: "cache", reason: .runs), SnapshotObstacle(machine: "db", reason: .isOff),
          SnapshotObstacle(machine: "web", reason: .shape([.memory, .disks])),
        ])
    ) { try await session.restore(name) }
    #expect(try await runStates() == ["web": "running", "cache": "running"])
  }

  @Test func aGroupThatLostAMachineIsNotWhole() async throws {
    try await makeMachines()
    let name = try Self.name("before")
    _ = try await session.save(name, replaces: false)
    try await host.disks.remove("cache", of: .test)
    let group = try #require(try await session.groups().first)
    #expect(!group.isComplete && group.machineCount == 3 && group.members.map(\.machine) == ["db", "web"])
    await #expect(throws: SnapshotFailure.incomplete(group)) {
      try await session.restore(name)
    }
    _ = try await session.remove(name)
    #expect(try await session.groups() == [])
  }

  @Test func aNameIsTakenOnceUnlessItIsReplaced() async throws {
    try await makeMachines()
    let name = try Self.name("before")
    let first = try await session.save(name, replaces: false)
    await #expect(throws: SnapshotFailure.exists(name)) {
      try await session.save(name, replaces: false)
    }
    let second = try await session.save(name, replaces: true)
    #expect(try await session.groups() == [second.group] && first.group.group != second.group.group)
    let other = try Self.name("other")
    await #expect(throws: SnapshotFailure.unknown(other, known: ["before"])) { try await session.restore(other) }
  }

  @Test func aRawDiskKeepsAllFromItBeforeAnybodyStandsStill() async throws {
    try await makeMachines()
    try await host.disks.ensure(
      DiskDesign(
        scope: .test, name: "cache/raw", content: .data(fileSystem: nil, label: "raw"), format: .raw,
        size: ByteCount(bytes: 1 << 20), isProtected: false))
    let before = host.faults.log
    await #expect(
      throws: SnapshotFailure.unfit([SnapshotObstacle(machine: "cache", reason: .raw(["cache/raw"]))])
    ) { try await session.save(try Self.name("before"), replaces: false) }
    #expect(host.faults.log == before)
  }

  @Test func aMachineThatCannotBeSavedKeepsAllFromIt() async throws {
    try await makeMachines()
    host.machines.setRunState("internal-error", "db", of: .test)
    await #expect(
      throws: SnapshotFailure.unfit(
        [SnapshotObstacle(machine: "db", reason: .state("internal-error"))])
    ) { try await session.save(try Self.name("before"), replaces: false) }
    #expect(host.faults.log == [])
  }
}

@Suite struct SnapshotTagTests {
  @Test func aTagIsReadAsItIsWritten() throws {
    var shape = MachineShape()
    for part in MachineShape.Part.allCases { shape.set(part, to: part.rawValue) }
    let longest = try #require(SnapshotName(String(repeating: "n", count: 63)))
    for power in [SnapshotTag.Power.running, .paused, .off] {
      let tag = SnapshotTag(
        constellation: String(repeating: "c", count: 31), name: longest, group: "0123456789abcdef", machineCount: 1000,
        power: power, shape: shape)
      #expect(SnapshotTag(tag.description) == tag)
      #expect(tag.description.utf8.count <= 255)
    }
    #expect(SnapshotTag("before") == nil && SnapshotTag("meros:lab:a b:0123456789abcdef:1:off:") == nil)
  }

  @Test(arguments: ["", "-a", ".a", "a b", "a:b", "ä", String(repeating: "n", count: 64)])
  func whatIsNoNameIsNone(_ text: String) {
    #expect(SnapshotName(text) == nil)
  }
}
