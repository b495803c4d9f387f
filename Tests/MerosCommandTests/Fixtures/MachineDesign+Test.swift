import Host
import Network
import Resources

extension VirtualMachine {
  /// A small one that stands on nothing.
  static func test(_ name: String) -> VirtualMachine {
    VirtualMachine(
      MachineDesign(
        scope: .test, name: name, uuid: "6f0c1a52-0000-8000-8000-000000000001", arch: "x86_64",
        memory: ByteCount(bytes: 512 << 20), cpus: 1, accelerator: .tcg, boot: .bios,
        disks: [.init(name: name, serial: "root")], networks: [],
        identity: GuestIdentity(hostname: name, hosts: [], user: nil, authorizedKeys: []), display: .none,
        extraArguments: [], readiness: .none),
      dependencies: [])
  }
}
