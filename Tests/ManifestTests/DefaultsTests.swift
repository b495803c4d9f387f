import Diagnostics
import Manifest
import Network
import Testing

@Suite struct DefaultsTests {
  @Test func theyHoldForAllThatDoNotSetTheKey() throws {
    let manifest = try read(
      """
      defaults: {memory: 1G, cpus: 2, packages: [curl], kernel: ./bzImage}
      virtual_machines:
        a:
        b: {memory: 256M, packages: [nginx]}
        c: {cpus: ~, kernel: ~}
      """)
    #expect(
      manifest.virtualMachines.map { "\($0.memory) \($0.cpus) \($0.packages)" } == [
        "1G 2 [curl]", "256M 2 [nginx]", "1G 1 [curl]",
      ])
    #expect(manifest.virtualMachines.map { $0.kernel == nil } == [false, false, true])
    #expect("\(manifest.virtualMachines[0].memory.location)" == "f.yml:1:20")
  }

  @Test func aFaultInThemIsReportedOnceWhetherAnyTakesItOrNot() {
    let fault =
      "1:20 error: memory should be an amount of memory, up to 16T, not x (write it like 512M, 2G, or a bare number of MiB)"
    #expect(findings("defaults: {memory: x}\nvirtual_machines: {a: , b: }") == [fault])
    #expect(findings("defaults: {memory: x}") == [fault])
    #expect(
      findings("defaults: {memry: x}\nvirtual_machines: {a: , b: }") == [
        "1:12 error: a virtual machine has no key memry (did you mean memory?)"
      ])
  }

  @Test func anImageOfDefaultsGivesWayToADistribution() throws {
    let manifest = try read(
      "defaults: {use: base.qcow2}\nvirtual_machines: {a: {distribution: alpine}, b: {}}")
    guard case .built = manifest.virtualMachines[0].root, case .image = manifest.virtualMachines[1].root else {
      Issue.record("\(manifest.virtualMachines.map(\.root))")
      return
    }
    #expect(manifest.virtualMachines[1].boot == nil)
    let other = try read("defaults: {distribution: debian}\nvirtual_machines: {a: {use: x.qcow2}}")
    guard case .image = other.virtualMachines[0].root else {
      Issue.record("\(other.virtualMachines.map(\.root))")
      return
    }
  }

  @Test func anOldRootDiskOfABuiltMachineSaysItsSize() throws {
    let web = try #require(
      try read(
        "virtual_machines: {web: {distribution: debian, disks: [{label: r.qcow2, size_gb: 20}, {label: d.qcow2, size_gb: 1}]}}"
      ).virtualMachine(named: "web"))
    guard case .built = web.root else {
      Issue.record("the root disk is \(web.root)")
      return
    }
    #expect(web.diskSize?.value == ByteCount(mebibytes: 20 << 10))
    #expect(web.disks.map { "\($0.label) \($0.fileSystem == nil)" } == ["d true"])
  }

  @Test func anOwnRootDiskWithAKernelBootsIt() throws {
    let web = try #require(
      try read("virtual_machines: {web: {kernel: ./k, disks: [{label: r.qcow2, size_gb: 20}]}}")
        .virtualMachine(named: "web"))
    #expect(web.boot?.value == .kernel)
  }

  @Test func aliasesAndMergeKeysWork() throws {
    let manifest = try read(
      """
      bridges: {lan: {subnet: 10.0.0.1/24}}
      virtual_machines:
        a: &small {memory: 128M, packages: &p [curl]}
        b: {<<: *small, cpus: 2}
        c: {packages: *p}
      """)
    #expect(
      manifest.virtualMachines.map { "\($0.memory) \($0.cpus) \($0.packages)" } == [
        "128M 1 [curl]", "128M 2 [curl]", "512M 1 [curl]",
      ])
  }
}
