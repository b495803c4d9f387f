import Diagnostics
import Network

/// The bridges that networks may name.
struct BridgeTable {
  private var specs: [String: BridgeSpec] = [:]
  /// Bridges with faults: what depends on them is not checked, so that one fault is reported once.
  private var unsound: Set<String> = []

  mutating func add(_ bridge: BridgeSpec, isSound: Bool) {
    specs[bridge.name.value] = bridge
    if !isSound { unsound.insert(bridge.name.value) }
  }

  /// nil where there is none of that name, or where its own faults come first.
  func sound(_ name: String) -> BridgeSpec? { unsound.contains(name) ? nil : specs[name] }
}
