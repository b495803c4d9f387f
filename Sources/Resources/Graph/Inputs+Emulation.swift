import Host
import Reconcile

extension Inputs {
  /// Why programs of the architecture do not run here, as far as that was looked at.
  func obstacle(toBuildsFor arch: String) -> Change.Obstacle? {
    guard let emulation = emulations[arch] else { return nil }
    guard emulation.isKnownToKernel else { return .foreignPrograms(arch) }
    return emulation.missingForBuilds.isEmpty ? nil : .missingPrograms(emulation.missingForBuilds)
  }

  /// Why images with a loader for the firmware cannot be made and booted here, as far as that was looked at.
  func obstacle(toLoadersFor arch: String, by firmware: Firmware) -> Change.Obstacle? {
    let missing = emulations[arch]?.missingForLoaders[firmware] ?? []
    return missing.isEmpty ? nil : .missingPrograms(missing)
  }
}
