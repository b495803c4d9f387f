import Host
import HostTesting
import Network
import Reconcile
import Resources
import Testing

@Suite struct VirtualMachineTests {
  let scope: Scope
  let design: MachineDesign

  init() throws {
    scope = Scope(constellation: "lab", data: try #require(DataIdentity("0123456789abcdef")))
    design = MachineDesign(
      scope: scope, name: "web", uuid: "6f0c1a52-0000-8000-8000-000000000001", arch: "x86_64",
      memory: try #require(ByteCount(mebibytes: 512)), cpus: 2, accelerator: .tcg,
      boot: .kernel(entry: "debian-1a2b3c4d5e6f", commandLine: ""),
      disks: [
        .init(name: "web", serial: "root"),
        .init(name: "web/data", serial: "data", mountPoint: "/srv", fileSystem: "ext4"),
      ],
      networks: [
        .init(
          tap: try #require(LinkName("lab-web-0")), mac: try #require(MACAddress("52:54:00:00:00:01")),
          model: "virtio-net-pci", addresses: [try #require(InterfaceAddress("10.0.10.21/24"))],
          gateways: [try #require(IPAddress("10.0.10.1"))], nameservers: [], mtu: 1500)
      ],
      identity: GuestIdentity(hostname: "web", hosts: [], user: nil, authorizedKeys: []), display: .none,
      extraArguments: [], readiness: .ssh(timeout: .seconds(1)))
  }

  private static let standsOn: Set<ResourceAddress> = [
    ResourceAddress(kind: "disk", name: "web"), ResourceAddress(kind: "disk", name: "web/data"),
    ResourceAddress(kind: "tap", name: "lab-web-0"), ResourceAddress(kind: "key", name: "client"),
    ResourceAddress(kind: "key", name: "host-web"), ResourceAddress(kind: "kernel", name: "debian-1a2b3c4d5e6f"),
    ResourceAddress(kind: "vm", name: "db"),
  ]

  private func observed(_ change: (inout ObservedMachine) -> Void = { _ in }) -> ObservedVirtualMachine {
    var machine = ObservedMachine(
      name: "web", pid: 42, attributes: design.attributes, isManageable: true, runState: "running")
    change(&machine)
    return ObservedVirtualMachine(machine: machine, scope: scope)
  }

  private func planned(
    from: ObservedVirtualMachine?, to: MachineDesign?, replaced: Set<ResourceAddress> = []
  ) -> Change? {
    VirtualMachine.change(
      "web", from: from, to: to.map { VirtualMachine($0, dependencies: Self.standsOn) },
      under: Circumstances(replaced: replaced))
  }

  private func words(_ actions: [any Action]?) -> [String] { (actions ?? []).map { "\($0)" } }

  @Test func aMachineThatRunsAsDesiredIsLeftAlone() {
    #expect(planned(from: observed(), to: design) == nil)
  }

  @Test func aMissingMachineIsStartedAndAwaited() throws {
    let change = try #require(planned(from: nil, to: design))
    #expect(change.verb == .create)
    #expect(change.disruption == .none)
    #expect(change.tearDown.isEmpty)
    #expect(words(change.setUp) == ["start vm web", "wait until vm web is ready"])
    #expect(change.reasons.contains(Reason("memory", before: nil, after: "512M")))
  }

  @Test func anOrphanIsStoppedAndItsLogsGo() throws {
    let change = try #require(planned(from: observed(), to: nil))
    #expect(change.verb == .delete)
    #expect(words(change.tearDown) == ["stop vm web", "remove the logs of vm web"])
    #expect(change.setUp.isEmpty)
  }

  @Test func logsThatAStoppedMachineLeftGoWithItButDoNotKeepItFromStarting() throws {
    let left = ObservedVirtualMachine(machine: nil, scope: scope)
    let removal = try #require(planned(from: left, to: nil))
    #expect(removal.disruption == .none)
    #expect(words(removal.tearDown) == ["remove the logs of vm web"])
    #expect(try #require(planned(from: left, to: design)).verb == .create)
  }

  @Test func memoryRestartsAndSaysWhy() throws {
    var larger = design
    larger.memory = try #require(ByteCount(mebibytes: 1024))
    let change = try #require(planned(from: observed(), to: larger))
    #expect(change.verb == .update)
    #expect(change.disruption == .restart)
    #expect(change.reasons == [Reason("memory", before: "512M", after: "1G")])
    #expect(words(change.tearDown) == ["stop vm web"])
    #expect(words(change.setUp) == ["start vm web", "wait until vm web is ready"])
  }

  @Test func anAddressRestartsAndSaysWhich() throws {
    var moved = design
    moved.networks[0].addresses = [try #require(InterfaceAddress("10.0.10.22/24"))]
    let change = try #require(planned(from: observed(), to: moved))
    #expect(
      change.reasons == [Reason("networks[0].ip_addr", before: "10.0.10.21/24", after: "10.0.10.22/24")])
    #expect(change.disruption == .restart)
  }

  @Test func aNeighbourThatComesCostsNothing() throws {
    var known = design
    known.identity.hosts = [.init(address: try #require(IPAddress("10.0.10.30")), names: ["db"])]
    #expect(planned(from: observed(), to: known) == nil)
  }

  @Test func aLostMonitorIsAReasonToRestart() throws {
    let lost = observed {
      $0.isManageable = false
      $0.runState = nil
    }
    let change = try #require(planned(from: lost, to: design))
    #expect(change.reasons == [Reason("monitor", before: "lost", after: "answers")])
    #expect(change.disruption == .restart)
  }

  @Test(arguments: ["internal-error", "io-error", "guest-panicked", "shutdown", "watchdog"])
  func aMachineThatCannotGoOnIsRestarted(state: String) throws {
    let change = try #require(planned(from: observed { $0.runState = state }, to: design))
    #expect(change.reasons == [Reason("state", before: state, after: "running")])
    #expect(change.disruption == .restart)
  }

  @Test func aPausedMachineIsLeftToWhoPausedIt() {
    #expect(planned(from: observed { $0.runState = "paused" }, to: design) == nil)
  }

  @Test(arguments: [("disk", "web"), ("key", "host-web")])
  func whatAGuestHoldsIsRenewedByARestart(kind: String, name: String) throws {
    let address = ResourceAddress(kind: kind, name: name)
    let change = try #require(planned(from: observed(), to: design, replaced: [address]))
    #expect(change.verb == .update)
    #expect(change.disruption == .restart)
    #expect(change.reasons == [Reason("\(address)", before: "in use", after: "renewed")])
    #expect(words(change.tearDown) == ["stop vm web"])
  }

  @Test func aDiskThatIsAddedIsNamedOnce() throws {
    let before = observed { $0.attributes["disks[1]"] = nil }
    let change = try #require(
      planned(from: before, to: design, replaced: [ResourceAddress(kind: "disk", name: "web/data")]))
    #expect(change.reasons == [Reason("disks[1]", before: nil, after: "web/data on /srv as ext4")])
  }

  @Test(arguments: [("tap", "lab-web-0"), ("kernel", "debian-1a2b3c4d5e6f"), ("vm", "db"), ("disk", "other")])
  func whatARunningMachineTakesOverCostsNothing(kind: String, name: String) {
    #expect(planned(from: observed(), to: design, replaced: [ResourceAddress(kind: kind, name: name)]) == nil)
  }

  @Test func aRunningMachineStandsOnItsDisksItsTapsItsLimitsAndItsKey() {
    #expect(
      VirtualMachine.dependencies(of: observed()) == [
        ResourceAddress(kind: "disk", name: "web"), ResourceAddress(kind: "disk", name: "web/data"),
        ResourceAddress(kind: "tap", name: "lab-web-0"), ResourceAddress(kind: "key", name: "host-web"),
        ResourceAddress(kind: "limits", name: "web"),
      ])
  }

  @Test func whatIsStartedIsObservedAsDesiredAndWhatIsStoppedIsGone() async throws {
    let machines = MemoryMachines()
    let vm = VirtualMachine(design, dependencies: [])
    let host = Host(machines)
    for action in try #require(planned(from: nil, to: design)).setUp { try await action.perform(on: host) }
    let running = try await VirtualMachine.observe(scope, on: host)
    #expect(VirtualMachine.change("web", from: running["web"], to: vm, under: Circumstances()) == nil)

    for action in try #require(planned(from: running["web"], to: nil)).tearDown { try await action.perform(on: host) }
    #expect(try await VirtualMachine.observe(scope, on: host).isEmpty)
    #expect(machines.isEmpty)
  }

  @Test func aMachineThatDiedLeavesLogsThatAreFound() async throws {
    let machines = MemoryMachines()
    let host = Host(machines)
    try await machines.start(design)
    machines.crash("web", of: scope)
    let found = try await VirtualMachine.observe(scope, on: host)
    #expect(found == ["web": ObservedVirtualMachine(machine: nil, scope: scope)])
  }
}

extension Host {
  /// A host in memory with these machines.
  fileprivate init(_ machines: MemoryMachines) {
    let store = MemoryStore()
    self.init(
      links: MemoryLinks(), packetFilter: MemoryPacketFilter(), forwarding: MemoryForwarding(), store: store,
      disks: MemoryDisks(store: store), keys: MemoryKeys(), machines: machines,
      snapshots: MemorySnapshots(), nameservers: MemoryNameservers(), limits: MemoryLimits(),
      sockets: MemorySockets(), inputs: NoFiles(), origins: MemoryOrigins(), toolchains: MemoryToolchains(),
      emulators: MemoryEmulators())
  }
}

private struct NoFiles: InputFiles {
  func beginning(of path: String, count: Int) async throws(HostError) -> [UInt8]? { nil }
  func tree(_ folder: String) async throws(HostError) -> InputTree? { nil }
  func file(_ path: String) async throws(HostError) -> String? { nil }
  func kind(of path: String) async throws(HostError) -> InputKind? { nil }
  func names(in folder: String) async throws(HostError) -> [String]? { nil }
  func contents(of path: String) async throws(HostError) -> [UInt8]? { nil }
  func replaceLockFile(_ path: String, with bytes: [UInt8]) async throws(HostError) {}
}
