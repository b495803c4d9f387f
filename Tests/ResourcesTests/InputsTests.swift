import HostTesting
import Manifest
import Resources
import Testing

/// What is asked of the host as a manifest is loaded.
struct InputsTests {
  @Test(arguments: [true, false])
  func whatRunsGuestsIsTriedOnlyWhereSomeAreStarted(_ startsMachines: Bool) async throws {
    let text = "virtual_machines: {web: {}}\n"
    let (manifest, _) = try Manifest.load(Array(text.utf8), file: "constellation.yml", directoryName: "lab")
    let inputs = try await Inputs(for: manifest, in: "/lab", startsMachines: startsMachines, on: MemoryHost().host)
    #expect(inputs.accelerators.isEmpty != startsMachines)
  }
}
