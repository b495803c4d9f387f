/// What a QEMU tells without being asked: "SHUTDOWN", "STOP", "DEVICE_DELETED".
package struct MonitorEvent: Hashable, Sendable {
  package var name: String
  /// An object; empty when the event says no more than its name.
  package var data: JSON

  package init(name: String, data: JSON) {
    self.name = name
    self.data = data
  }

  /// nil for a message that is no event.
  init?(_ message: JSON) {
    guard let name = message["event"]?.string else { return nil }
    self.name = name
    data = message["data"] ?? [:]
  }
}
