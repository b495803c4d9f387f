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

  /// A boot sector that says `MEROS-TEST READY` on the serial line and powers off at the press of the button, as a
  /// guest with ACPI does.
  static let obedientGuest: [UInt8] = {
    let code: [UInt8] = [
      0x31, 0xc0, 0x8e, 0xd8, 0xfc,  // xor ax, ax; mov ds, ax; cld
      0xbe, 0x2f, 0x7c, 0xba, 0xf8, 0x03,  // mov si, text; mov dx, 0x3f8
      0xac, 0x84, 0xc0, 0x74, 0x03, 0xee, 0xeb, 0xf8,  // each byte of the text: out dx, al
      0xba, 0x02, 0x06, 0xb8, 0x00, 0x01, 0xef,  // PM1_EN: power button
      0xba, 0x00, 0x06, 0xfb, 0xf4, 0xed, 0xf6, 0xc4, 0x01, 0x74, 0xf8,  // sti; hlt; until PM1_STS says so
      0xba, 0x04, 0x06, 0xb8, 0x00, 0x20, 0xef, 0xf4, 0xeb, 0xfd,  // PM1_CNT: sleep (S5)
    ]
    let text = Array("MEROS-TEST READY\r\n\0".utf8)
    return code + text + [UInt8](repeating: 0, count: 510 - code.count - text.count) + [0x55, 0xaa]
  }()
}

extension MachineDesign {
  /// A small machine that boots from its disk.
  static func sample(_ scope: Scope) throws -> MachineDesign {
    MachineDesign(
      scope: scope, name: "web", uuid: "6f0c1a52-0000-8000-8000-000000000001", arch: "x86_64",
      memory: try #require(ByteCount(mebibytes: 64)), cpus: 1, accelerator: .tcg, boot: .bios,
      disks: [.init(name: "web", serial: "root")],
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
