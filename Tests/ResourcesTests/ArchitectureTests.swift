import Diagnostics
import Host
import HostTesting
import Manifest
import Reconcile
import Testing

@testable import Resources

/// Machines of other architectures: what this machine lacks for them, and kernels that are for another one.
@Suite struct ArchitectureTests {
  private static let manifest = "virtual_machines: {arm: {arch: aarch64}}\n"

  private func problems(_ lacking: Emulation, _ text: String = manifest) async throws -> [String] {
    let memory = MemoryHost(emulators: MemoryEmulators(lacking))
    return try await Laboratory(memory.host).plan(text).problems.map { problem in
      guard case .obstacle(let address, let obstacle) = problem else { return "\(problem)" }
      return "\(address.kind) \(obstacle)"
    }
  }

  @Test func whatIsMissingIsToldOfWhatItIsFor() async throws {
    #expect(try await problems(Emulation()).isEmpty)
    #expect(
      try await problems(
        Emulation(missingForMachines: ["qemu-system-aarch64"], missingForBuilds: ["qemu-aarch64-static"]))
        == ["rootfs missingPrograms([\"qemu-aarch64-static\"])", "vm missingPrograms([\"qemu-system-aarch64\"])"])
    #expect(
      try await problems(Emulation(isKnownToKernel: false)) == ["rootfs foreignPrograms(\"aarch64\")"])
  }

  @Test func aMachineOfTheHostsOwnLacksNothing() async throws {
    #expect(
      try await problems(Emulation(missingForMachines: ["qemu-system-aarch64"]), "virtual_machines: {pc: {}}\n").isEmpty
    )
  }

  /// What is built already takes nothing more.
  @Test func whatIsBuiltNeedsNoEmulator() async throws {
    let memory = MemoryHost()
    #expect(try await Laboratory(memory.host).apply(Self.manifest).failures == [])
    var host = memory.host
    host.emulators = MemoryEmulators(Emulation(missingForBuilds: ["qemu-aarch64-static"]))
    let plan = try await Laboratory(host).plan(Self.manifest)
    #expect(plan.problems.isEmpty && plan.lines.isEmpty)
  }

  @Test func aKernelOfAnotherArchitectureIsAFaultAtItsPlace() async throws {
    let image = String(repeating: "\0", count: 0x38) + "ARMd"
    let inputs = MemoryInputFiles(files: ["/lab/Image": "1"], texts: ["/lab/Image": image])
    let laboratory = try Laboratory(MemoryHost(inputs: inputs).host)
    let text = "virtual_machines:\n  arm: {arch: aarch64, kernel: ./Image}\n  pc: {kernel: ./Image}\n"
    let error = await #expect(throws: Diagnostics.self) {
      _ = try await laboratory.desired(text.replacing("./Image", with: "/lab/Image"))
    }
    let faults = (error?.all ?? []).filter { $0.severity == .error }
    #expect(faults.map(\.summary) == ["the kernel /lab/Image is for aarch64, and pc is a machine of x86_64"])
    #expect(faults.first?.location?.line == 3)
  }

  @Test(arguments: [("hello\n", true), ("", true), ("\u{1f}\u{8b}\u{8}", false), (nil, false)])
  func whatIsNoKernelIsAFaultAtItsPlace(content: String?, isFault: Bool) async throws {
    // Compressed, it tells only when it is built; nobody looked at one without content.
    let bytes = content.map { ["/lab/k": $0.unicodeScalars.map { UInt8($0.value) }] } ?? [:]
    let inputs = MemoryInputFiles(files: ["/lab/k": "1"], bytes: bytes)
    let laboratory = try Laboratory(MemoryHost(inputs: inputs).host)
    let text = "kernels:\n  x: {source: file, path: k}\nvirtual_machines: {pc: {kernel: x}}\n"
    var summaries: [String] = []
    do {
      _ = try await laboratory.desired(text.replacing("path: k", with: "path: /lab/k"))
    } catch let error as Diagnostics {
      summaries = error.all.filter { $0.severity == .error }.map { "\($0.location?.line ?? 0) \($0.summary)" }
    }
    #expect(summaries == (isFault ? ["2 /lab/k is no kernel"] : []))
  }

  @Test func kernelsTellWhatTheyAreFor() {
    func image(_ text: String, at offset: Int, _ more: [UInt8] = []) -> [UInt8] {
      Array(repeating: 0, count: offset) + Array(text.utf8) + more
    }
    #expect(KernelImage.architecture(of: image("HdrS", at: 0x202)) == .x86)
    #expect(KernelImage.architecture(of: image("ARMd", at: 0x38)) == .aarch64)
    #expect(KernelImage.architecture(of: image("RSC\u{05}", at: 0x38)) == .riscv64)
    var packed = image("MZ", at: 0) + image("@", at: 0x3a)
    packed += [0, 0, 0] + Array("PE\0\0".utf8) + [0x64, 0x50]
    #expect(KernelImage.architecture(of: packed) == .riscv64)
    let program: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + Array(repeating: 0, count: 9) + [2, 0, 0xb7, 0]
    #expect(KernelImage.architecture(of: program) == .aarch64)
    #expect(KernelImage.architecture(of: Array("a kernel".utf8)) == nil && KernelImage.architecture(of: []) == nil)
  }
}
