package import Network

/// How a running QEMU is doing, as the kernel counts it.
package struct MachineVitals: Hashable, Sendable {
  /// Since its start.
  package var uptime: Duration
  /// What it has used of processors since then, on all of them together.
  package var processorTime: Duration
  /// What of it lies in the host's memory.
  package var residentMemory: ByteCount

  package init(uptime: Duration, processorTime: Duration, residentMemory: ByteCount) {
    self.uptime = uptime
    self.processorTime = processorTime
    self.residentMemory = residentMemory
  }
}
