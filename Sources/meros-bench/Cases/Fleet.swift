import Host
import LinuxHost
import Network
import Reconcile
import Resources
import SystemPackage

/// Ten machines as meros starts them: overlay, tap and QEMU each. The guests stay stopped (`-S`).
struct Fleet {
  let site: Site
  let designs: [MachineDesign]
  let bridge: LinkName
  private let disks: [Disk]
  private let taps: [Tap]

  static let image = "bench"

  init(_ site: Site) throws {
    self.site = site
    let scope = site.data.scope("bench")
    guard let memory = ByteCount(mebibytes: 128), let bridge = LinkName("bench-lan") else {
      throw BenchFailure("no such name")
    }
    self.bridge = bridge
    let naming = Naming(scope)
    designs = (0..<10).map { number in
      let name = "vm\(number)"
      return MachineDesign(
        scope: scope, name: name, uuid: naming.uuid(vm: name), arch: "x86_64", memory: memory, cpus: 1,
        accelerator: .tcg, boot: .bios, disks: [.init(name: name, serial: "root")],
        networks: [
          .init(
            tap: naming.tap(label: nil, vm: name, index: 0), mac: naming.mac(vm: name, index: 0),
            model: "virtio-net-pci", addresses: [], gateways: [], nameservers: [], mtu: 1500)
        ],
        identity: GuestIdentity(hostname: name, hosts: [], user: nil, authorizedKeys: []), display: .none,
        extraArguments: ["-S"], readiness: .none)
    }
    disks = designs.map { design in
      Disk(
        DiskDesign(
          scope: scope, name: design.name, content: .overlay(image: Self.image), size: nil, isProtected: false))
    }
    taps = designs.flatMap { design in
      design.networks.map { network in
        Tap(
          scope: scope, name: network.tap.text,
          design: TapDesign(
            name: network.tap, group: scope.linkGroup,
            alias: Mark(scope: scope, address: "tap.\(network.tap)").description, owner: scope.uid, master: bridge,
            mtu: network.mtu, isIsolated: false),
          bridge: "lan")
      }
    }
  }

  private var scope: Scope { site.data.scope("bench") }
  var imageFile: FilePath { site.data.entry(.image, Self.image).appending(StoreKind.image.mainFile) }

  /// What is there before on both sides: the image, the bridge, the keys.
  func prepare() async throws {
    try imageFile.removingLastComponent().makeFolders()
    try Child.run(["qemu-img", "create", "-q", "-f", "qcow2", imageFile.string, "1G"])
    try await site.host.links.ensureBridge(
      BridgeDesign(
        name: bridge, group: scope.linkGroup, alias: Mark(scope: scope, address: "bridge.lan").description, mtu: 1500,
        addresses: []))
    try await site.host.keys.ensure(.client, of: scope.constellation)
    for design in designs { try await site.host.keys.ensure(.host(vm: design.name), of: scope.constellation) }
  }

  /// Looks, plans and applies; then takes all of it away again.
  func start() async throws -> Duration {
    let duration = try await elapsed { try await apply() }
    try await remove()
    return duration
  }

  func apply() async throws {
    let machines = zip(designs, zip(disks, taps)).map { design, parts in
      VirtualMachine(design, dependencies: [parts.0.address, parts.1.address])
    }
    let graph = try ResourceGraph(disks as [any Resource] + taps as [any Resource] + machines as [any Resource])
    let kinds: [any Resource.Type] = [Disk.self, Tap.self, VirtualMachine.self]
    let observation = try await Observation(of: kinds, scope, on: site.host)
    let plan = Plan(from: observation, to: graph, kinds: kinds)
    let report = await plan.apply(on: site.host)
    guard plan.problems.isEmpty, plan.changes.count == 30, report.isComplete else {
      throw BenchFailure("the machines could not be started: \(report)")
    }
  }

  func remove() async throws {
    let (host, scope) = (site.host, scope)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for design in designs {
        group.addTask {
          try await host.machines.stop(design.name, of: scope, grace: .zero)
          try await host.machines.removeTraces(design.name, of: scope)
          try await host.disks.remove(design.name, of: scope)
        }
      }
      try await group.waitForAll()
    }
    for tap in taps { try await host.links.removeLink(tap.design.name, group: scope.linkGroup) }
  }
}
