import CLinux
import Host
import Testing

@testable import LinuxHost

@Suite struct MachineAcceleratorTests {
  @Test func anotherArchitectureIsEmulatedAndTheReasonNamesThisOne() async {
    let found = await Accelerators().accelerator(arch: "none")
    #expect(found.0 == .tcg)
    #expect(found.reason?.hasPrefix("this machine is ") == true)
  }

  @Test func theProbeSaysTheSameTwiceAndGivesAReasonForTCG() async {
    let accelerators = Accelerators()
    let first = await accelerators.accelerator(arch: "x86_64")
    let second = await accelerators.accelerator(arch: "x86_64")
    #expect(first.0 == second.0 && first.reason == second.reason)
    #expect((first.0 == .tcg) == (first.reason != nil))
  }

  @Test func theProbeComesBackInTime() {
    var error: Int32 = 0
    let start = ContinuousClock.now
    let found = unsafe meros_kvm_probe(1000, &error)
    #expect(.now - start < .seconds(600))
    #expect((found == MEROS_KVM_ABSENT) == (error != 0))
  }
}
