/// What a QEMU says of itself.
package struct MachineStatus: Hashable, Sendable {
  /// `-uuid`, lower-case.
  package var uuid: String
  /// `-name`; nil when it was started without.
  package var name: String?
  /// `RunState`: "running", "paused", "internal-error".
  package var runState: String

  package init(uuid: String, name: String?, runState: String) {
    self.uuid = uuid
    self.name = name
    self.runState = runState
  }
}

extension Monitor {
  /// Asks `query-uuid`, `query-name` and `query-status` at once.
  package mutating func status(until deadline: ContinuousClock.Instant) async throws(QMPError) -> MachineStatus {
    let answers = try await execute(
      [("query-uuid", [:]), ("query-name", [:]), ("query-status", [:])], until: deadline)
    guard let uuid = answers[0]["UUID"]?.string, let runState = answers[2]["status"]?.string else { throw .malformed }
    return MachineStatus(uuid: uuid.lowercased(), name: answers[1]["name"]?.string, runState: runState)
  }
}
