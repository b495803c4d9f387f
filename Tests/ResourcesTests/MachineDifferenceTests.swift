import Host
import Network
import Reconcile
import Testing

@testable import Resources

/// What a running machine can become without a restart, and what not.
@Suite struct MachineDifferenceTests {
  private let design: MachineDesign

  init() throws {
    let scope = Scope(constellation: "lab", data: try #require(DataIdentity("0123456789abcdef")))
    design = MachineDesign(
      scope: scope, name: "web", uuid: "6f0c1a52-0000-8000-8000-000000000001", arch: "x86_64",
      memory: ByteCount(bytes: 512 << 20), cpus: 2, accelerator: .tcg,
      boot: .kernel(entry: "debian-1a2b3c4d5e6f", commandLine: ""),
      disks: [
        .init(name: "web", serial: "root"),
        .init(
          name: "web/data", serial: "data", mountPoint: "/srv", fileSystem: "ext4", size: ByteCount(bytes: 1 << 30)),
      ],
      networks: [try Self.network(1), try Self.network(2)],
      identity: GuestIdentity(hostname: "web", hosts: [], user: nil, authorizedKeys: []), display: .none,
      extraArguments: [], readiness: .ssh(timeout: .seconds(1)))
  }

  private static func network(_ number: Int) throws -> MachineDesign.Interface {
    MachineDesign.Interface(
      tap: try #require(LinkName("web\(number)")), mac: try #require(MACAddress("52:54:00:00:00:0\(number)")),
      model: "virtio-net-pci", addresses: [try #require(InterfaceAddress("10.0.10.2\(number)/24"))], gateways: [],
      nameservers: [], mtu: 1500)
  }

  private func running(_ change: (inout ObservedMachine) -> Void = { _ in }) -> ObservedMachine {
    var machine = ObservedMachine(
      name: "web", pid: 42, attributes: design.attributes, isManageable: true, runState: "running",
      room: .init(memory: ByteCount(bytes: 4 << 30), memorySlots: 1, cpus: 4, ports: 1))
    change(&machine)
    return machine
  }

  private func difference(
    _ machine: ObservedMachine? = nil, _ change: (inout MachineDesign) throws -> Void
  ) rethrows -> MachineDifference {
    var design = design
    try change(&design)
    return MachineDifference(from: machine ?? running(), to: design)
  }

  @Test func whatGrowsWithinItsRoomIsLive() {
    let grown = difference {
      $0.memory = ByteCount(bytes: 640 << 20)
      $0.cpus = 4
      $0.disks[1].size = ByteCount(bytes: 2 << 30)
    }
    #expect(grown.isLive && !grown.takesAway)
    #expect(
      grown.reasons == [
        Reason("cpus", before: "2", after: "4"), Reason("disks[1].size", before: "1G", after: "2G"),
        Reason("memory", before: "512M", after: "640M"),
      ])
  }

  @Test(arguments: [256, 600, 8192] as [UInt64]) func memoryThatShrinksOrDoesNotFitIsARestart(mebibytes: UInt64) {
    #expect(!difference { $0.memory = ByteCount(bytes: mebibytes << 20) }.isLive)
  }

  @Test(arguments: [1, 5]) func processorsThatLeaveOrDoNotFitAreARestart(cpus: Int) {
    #expect(!difference { $0.cpus = cpus }.isLive)
  }

  @Test func aPieceOfMemoryNeedsASlot() {
    let full = running { $0.room?.memorySlots = 0 }
    #expect(!difference(full) { $0.memory = ByteCount(bytes: 640 << 20) }.isLive)
  }

  @Test func networksAndDisksComeAndGo() throws {
    let come = try difference { $0.networks.append(try Self.network(3)) }
    #expect(come.isLive && !come.takesAway)
    #expect(come.reasons.first == Reason("networks[2].ip_addr", before: nil, after: "10.0.10.23/24"))
    let gone = difference { $0.networks.removeLast() }
    #expect(gone.isLive && gone.takesAway && gone.reasons == [Reason("networks[1].tap", before: "web2", after: nil)])
    let disk = difference { $0.disks.removeLast() }
    #expect(disk.isLive && disk.takesAway)
    #expect(disk.reasons == [Reason("disks[1]", before: "web/data on /srv as ext4", after: nil)])
  }

  @Test func whatComesNeedsAPortThatMayBecomeFreeAtOnce() throws {
    let full = running { $0.room?.ports = 0 }
    #expect(try !difference(full) { $0.networks.append(try Self.network(3)) }.isLive)
    let exchanged = try difference(full) { $0.networks[1] = try Self.network(3) }
    #expect(exchanged.isLive && exchanged.takesAway)
  }

  @Test func anotherAddressOrMountIsARestart() throws {
    #expect(try !difference { $0.networks[0].addresses = [try #require(InterfaceAddress("10.0.10.9/24"))] }.isLive)
    #expect(!difference { $0.disks[1].mountPoint = "/var" }.isLive)
    let format = difference { $0.disks[1].format = .raw }
    #expect(!format.isLive && format.reasons == [Reason("disks[1].format", before: "qcow2", after: "raw")])
    #expect(!difference { $0.disks[1].size = ByteCount(bytes: 1 << 20) }.isLive)
  }

  @Test func theWayToTheGuestMustStay() throws {
    #expect(try !difference { $0.networks = [try Self.network(3)] }.isLive)
  }

  @Test func aGuestThatCannotBeAskedIsRestarted() {
    func larger(_ machine: ObservedMachine? = nil, _ change: (inout MachineDesign) -> Void = { _ in }) -> Bool {
      difference(machine) {
        $0.cpus = 3
        change(&$0)
      }.isLive
    }
    #expect(larger())
    #expect(!larger(running { $0.runState = "paused" }))
    #expect(!larger(running { $0.room = nil }))
    #expect(!larger { $0.readiness = .none })
    #expect(!larger { $0.boot = .bios })
  }

  @Test func whatIsUnprovenIsProvenByTheNext() {
    let unproven = difference(running { $0.isUnproven = true }) { _ in }
    #expect(unproven.isLive && unproven.reasons == [Reason("guest", before: "unproven", after: "proven")])
  }

  @Test func attributesAreReadAsTheyAreWritten() {
    #expect(MachineParts(design.attributes).attributes == design.attributes)
  }
}
