import Host
import Reconcile

extension Inputs {
  /// Why programs of the architecture do not run here, as far as that was looked at.
  func obstacle(toBuildsFor arch: String) -> Change.Obstacle? {
    guard let emulation = emulations[arch] else { return nil }
    guard emulation.isKnownToKernel else { return .foreignPrograms(arch) }
    return emulation.missingForBuilds.isEmpty ? nil : .missingPrograms(emulation.missingForBuilds)
  }
}
