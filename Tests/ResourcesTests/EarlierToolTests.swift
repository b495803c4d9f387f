import Diagnostics
import HostTesting
import Reconcile
import Resources
import Testing

/// A manifest of the earlier tool, once what its diagnostics say was followed (`PythonToolTests` holds them).
@Test func aManifestOfTheEarlierToolIsPlannedAndAppliedOnceItIsMended() async throws {
  let manifest = """
    bridges:
      lab_br: {subnet: "10.0.4.1/24", policy_type: isolated, allowed_ips: [192.168.100.0/24]}
    virtual_machines:
      node01:
        memory: "2G"
        kvm: True
        networks: [{label: tap_node01, bridge: lab_br, ip_addr: "10.0.4.10", model: virtio-net-pci}]
        disks: [{label: node01.qcow2, fs_type: "qcow2", size_gb: 20}]
        qemu_args: ["-cdrom installer.iso"]
    """
  let memory = MemoryHost()
  let laboratory = try Laboratory(memory.host)
  let warnings = try await laboratory.desired(manifest).notes.all
  #expect(
    warnings.map { "\($0.severity): \($0.summary)" } == [
      "warning: KVM cannot be used on this machine: a machine in memory"
    ])
  let plan = try await laboratory.plan(manifest)
  #expect(plan.problems == [])
  #expect(
    plan.changes.map { "\($0.change.verb) \($0.address)" }.sorted() == [
      "create bridge.lab_br", "create disk.node01", "create firewall.lab", "create forwarding.lab",
      "create key.client", "create key.host-node01", "create tap.tap_node01", "create vm.node01",
    ])
  #expect(try await laboratory.apply(manifest).failures == [])
  #expect(try await laboratory.plan(manifest).lines == [])
}
