import Glibc
import Host
import HostTesting
import Netlink
import Network
import SystemPackage
import Testing

@testable import LinuxHost

/// A data directory with one VM's keys and disk, and a network namespace with its tap: all that a QEMU needs.
struct MachineSample {
  let namespace: TestNamespace
  let data: DataDirectory
  let machines: LinuxMachines
  var design: MachineDesign
  var scope: Scope { design.scope }

  /// QEMUs can be started here as other users.
  static var isAvailable: Bool {
    guard TestNamespace.isAvailable else { return false }
    return (try? LinuxMachines.program("qemu-system-x86_64", "")) != nil
  }

  /// Makes the sample with a disk of these first bytes, and ends whatever still runs when `body` is done.
  static func with(_ disk: [UInt8] = [], _ body: (MachineSample) async throws -> Void) async throws {
    try await TestNamespace.with { namespace in
      try await withTemporaryFolder { folder in
        let sample = try await MachineSample(namespace, folder, disk)
        do {
          try await body(sample)
        } catch {
          try await sample.end()
          throw error
        }
        try await sample.end()
      }
    }
  }

  private init(_ namespace: TestNamespace, _ folder: FilePath, _ disk: [UInt8]) async throws {
    self.namespace = namespace
    data = try DataDirectory.open(folder.appending("data"), create: true)
    machines = LinuxMachines(data: data, namespace: try NetworkNamespace.named(namespace.name))
    design = try .sample(data.scope("lab"))
    try namespace.ip("tuntap", "add", "dev", "web0", "mode", "tap", "user", "\(design.scope.uid)", "vnet_hdr")
    for (use, text) in [(KeyUse.client, "client"), (.host(vm: "web"), "host")] {
      let path = data.key(use, of: "lab")
      try path.write("PRIVATE \(text)\n", mode: 0o600)
      try FilePath("\(path).pub").write("ssh-ed25519 \(text)\n")
    }
    let raw = folder.appending("raw")
    try raw.replaceContents(disk + [UInt8](repeating: 0, count: (1 << 20) - disk.count))
    let place = data.disk("web", of: "lab")
    try place.removingLastComponent().makeFolders()
    try await Program("qemu-img", ["convert", "-O", "qcow2", raw.string, place.string]).run("make disk")
  }

  private func end() async throws { try await machines.stop("web", of: scope, grace: .zero) }

  /// The machine as the host has it; nil when it does not run.
  func observed() async throws -> ObservedMachine? { try await machines.machines(of: scope).first }
}

extension MachineDesign {
  /// A small machine that boots from its disk.
  static func sample(_ scope: Scope) throws -> MachineDesign {
    MachineDesign(
      scope: scope, name: "web", uuid: "6f0c1a52-0000-8000-8000-000000000001", arch: "x86_64",
      memory: try #require(ByteCount(mebibytes: 64)), cpus: 1, accelerator: .tcg, boot: .bios,
      disks: [.init(name: "web", serial: "root", size: ByteCount(bytes: 1 << 20))],
      networks: [
        .init(
          tap: try #require(LinkName("web0")), mac: try #require(MACAddress("52:54:00:00:00:01")),
          model: "virtio-net-pci", addresses: [try #require(InterfaceAddress("10.0.10.21/24"))],
          gateways: [try #require(IPAddress("10.0.10.1"))], nameservers: [], mtu: 1500)
      ],
      identity: GuestIdentity(hostname: "web", hosts: [], user: "ann", authorizedKeys: ["ssh-ed25519 one, two"]),
      display: .none, extraArguments: [], readiness: .console("MEROS-TEST READY", timeout: .seconds(60)))
  }
}
