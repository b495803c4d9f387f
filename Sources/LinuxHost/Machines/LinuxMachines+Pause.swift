package import Host
import QMP

extension LinuxMachines {
  /// A QEMU at rest answers at once, one among many that boot within a second.
  private static let commandPatience = Duration.seconds(10)

  package func pause(_ name: String, of scope: Scope) async throws(HostError) {
    // `stop` and `cont` say yes to a guest that stands or runs already.
    try await command("stop", name, of: scope, "pause vm \(name)")
  }

  package func resume(_ name: String, of scope: Scope) async throws(HostError) {
    try await command("cont", name, of: scope, "resume vm \(name)")
  }

  private func command(
    _ command: String, _ name: String, of scope: Scope, _ attempted: String
  ) async throws(HostError) {
    guard let process = try MachineProcess.all(of: scope, in: namespace).first(where: { $0.name == name }) else {
      throw HostError(attempted, .missing("vm \(name)"))
    }
    let deadline = ContinuousClock.now + Self.commandPatience
    do {
      var monitor = try await connect(process, .control, of: scope, until: deadline)
      _ = try await monitor.execute(command, until: deadline)
    } catch {
      throw HostError(attempted, error.cause(after: Self.commandPatience))
    }
  }
}
