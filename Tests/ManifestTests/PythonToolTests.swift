import Diagnostics
import Manifest
import Network
import Testing

/// A manifest of the earlier tool.
@Suite struct PythonToolTests {
  private let text = """
    bridges:
      lab_br: {subnet: "10.0.4.1/24", policy_type: isolated, allowed_ips: [192.168.100.0/24]}
    virtual_machines:
      node01:
        memory: "2G"
        kvm: True
        networks: [{label: tap_node01, bridge: labbr, ip_addr: "10.0.4.10", model: virtio-net-pci}]
        disks: [{label: node01.qcow2, fs_type: "qcow2", size_gb: 20}]
        extra_args: ["-cdrom installer.iso"]
    """

  @Test func itsMistakesAreNamedWithWhatToWrite() {
    #expect(
      findings(text) == [
        "7:44 error: no bridge is called labbr (did you mean lab_br?)",
        "9:5 error: a virtual machine has no key extra_args (write qemu_args)",
      ])
  }

  @Test func itIsUnderstoodOnceTheyAreMended() throws {
    let mended = text.replacing("bridge: labbr", with: "bridge: lab_br").replacing("extra_args", with: "qemu_args")
    #expect(findings(mended) == [])
    let manifest = try read(mended)
    #expect(manifest.notYetBuilt().isEmpty)
    #expect(manifest.name.value == "lab")
    let bridge = try #require(manifest.bridge(named: "lab_br"))
    #expect(bridge.policy.value == .isolated)
    #expect(bridge.subnet?.value == InterfaceAddress("10.0.4.1/24"))
    #expect(bridge.allowedIPs.map(\.value) == [IPPrefix("192.168.100.0/24")])
    #expect(!bridge.servesNames && bridge.allowsICMP == nil)
    let machine = try #require(manifest.virtualMachine(named: "node01"))
    #expect(machine.memory.value == ByteCount(bytes: 2 << 30))
    #expect(machine.acceleration.value == .wanted)
    guard case .own(let disk) = machine.root else {
      Issue.record("the root disk is \(machine.root)")
      return
    }
    #expect(disk.label.value == "node01")
    #expect(disk.size.value == ByteCount(bytes: 20 << 30))
    #expect(machine.disks.isEmpty)
    #expect(machine.boot?.value == .bios)
    #expect(machine.readiness.probe == .none)
    #expect(machine.qemuWords == ["-cdrom", "installer.iso"])
    let network = try #require(machine.networks.first)
    #expect(network.label?.value == "tap_node01")
    #expect(network.addresses.map(\.value) == [InterfaceAddress("10.0.4.10/24")])
    #expect(network.model.value == "virtio-net-pci")
  }
}
