import Host
import SystemPackage

@testable import LinuxHost

/// Lets somebody have the qcow2 image open for writing while the body runs.
func whileInUse(_ image: FilePath, _ body: @escaping @Sendable () async throws -> Void) async throws {
  let holder = Program("qemu-io", ["-f", "qcow2", image.string, "-c", "sleep 3600000"])
  let look = Program("qemu-img", ["check", "-q", "-f", "qcow2", image.string])
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { _ = try? await holder.result("hold") }
    // Whoever has it open for writing lets nobody look.
    while try await look.result("look").termination == .exited(0) { try await Task.sleep(for: .milliseconds(20)) }
    try await body()
    group.cancelAll()
  }
}
