import Host
import HostTesting
import Reconcile
import Testing

@testable import Resources

/// Machines that are built and boot by a loader: their kernel is in the image.
@Suite struct LoaderTests {
  private static func manifest(_ firmware: Firmware, _ more: String) -> String {
    "virtual_machines: {web: {boot: \(firmware.rawValue), \(more)}}\n"
  }

  @Test(arguments: Firmware.allCases, ["cmdline: quiet", "kernel: /lab/bzImage", "packages: [nginx]"])
  func whatIsInTheImageCostsTheRootDisk(firmware: Firmware, change: String) async throws {
    let memory = MemoryHost(inputs: MemoryInputFiles(files: ["/lab/bzImage": "1"]))
    let laboratory = try Laboratory(memory.host)
    try await laboratory.apply(Self.manifest(firmware, "memory: 512M"))
    let plan = try await laboratory.plan(Self.manifest(firmware, change))
    let disruptions = [String: Disruption](
      plan.changes.map { ($0.address.kind, $0.change.disruption) }, uniquingKeysWith: max)
    #expect(disruptions["disk"] == .rebuild && disruptions["vm"] == .restart, "\(plan.lines)")
  }

  @Test func soDoesAnotherLoader() async throws {
    let laboratory = try Laboratory(MemoryHost().host)
    try await laboratory.apply(Self.manifest(.efi, "memory: 512M"))
    let plan = try await laboratory.plan(Self.manifest(.bios, "memory: 512M"))
    let disk = try #require(plan.changes.first { $0.address.kind == Disk.kind })
    #expect(disk.change.disruption == .rebuild)
    #expect(disk.change.reasons.contains(Reason("boot", before: "efi", after: "bios")))
  }

  @Test func theSameOfAMachineWhoseKernelQEMULoadsIsARestart() async throws {
    let memory = MemoryHost()
    let laboratory = try Laboratory(memory.host)
    try await laboratory.apply("virtual_machines: {web: }\n")
    let plan = try await laboratory.plan("virtual_machines: {web: {cmdline: quiet}}\n")
    #expect(plan.changes.map { "\($0.address) \($0.change.disruption)" } == ["vm.web restart"])
  }

  @Test(arguments: Firmware.allCases) func itsGuestTakesChangesWhileItRuns(firmware: Firmware) async throws {
    let memory = MemoryHost()
    let laboratory = try Laboratory(memory.host)
    func manifest(_ memory: String) -> String {
      """
      bridges: {lan: {subnet: 10.1.0.1/24}}
      virtual_machines: {web: {boot: \(firmware.rawValue), memory: \(memory), networks: [{bridge: lan, ip_addr: 10.1.0.10}]}}

      """
    }
    try await laboratory.apply(manifest("512M"))
    let plan = try await laboratory.plan(manifest("640M"))
    #expect(plan.changes.map { "\($0.address) \($0.change.disruption)" } == ["vm.web live"])
  }

  @Test func whatMakesLoadersAndIsMissingIsToldBeforehand() async throws {
    let lacking = Emulation(missingForLoaders: [.efi: ["mcopy", "systemd-bootx64.efi"]])
    let laboratory = try Laboratory(MemoryHost(emulators: MemoryEmulators(lacking)).host)
    let problems = try await laboratory.plan(Self.manifest(.efi, "memory: 512M")).problems
    #expect(
      problems.map { problem in
        guard case .obstacle(let address, let obstacle) = problem else { return "\(problem)" }
        return "\(address.kind) \(obstacle)"
      } == ["image missingPrograms([\"mcopy\", \"systemd-bootx64.efi\"])"])
    #expect(try await laboratory.plan(Self.manifest(.bios, "memory: 512M")).problems.isEmpty)
    #expect(try await laboratory.plan("virtual_machines: {web: }\n").problems.isEmpty)
  }
}
