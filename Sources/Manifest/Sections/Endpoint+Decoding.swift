import Network

extension Endpoint {
  /// Whether names exist is checked when all are known.
  static let form = Form.read(
    "world, host, bridge:NAME, a virtual machine or an address", like: "web, bridge:lan or 192.168.100.0/24"
  ) { text -> Endpoint? in
    switch text {
    case "world": return .world
    case "host": return .host
    case "": return nil
    default: break
    }
    if text.hasPrefix("bridge:") { return text.count > 7 ? .bridge(String(text.dropFirst(7))) : nil }
    if let prefix = IPPrefix(text) { return .prefix(prefix) }
    return text.utf8.contains { [0x2f, 0x3a, 0x20].contains($0) } ? nil : .virtualMachine(text)
  }
}
