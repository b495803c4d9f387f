import Host

/// Two subnets of 256 addresses beside each other, of 10.64.0.0/10, where neither routers nor container tools take
/// theirs. They follow from the constellation's name, so that those of different ones seldom meet.
struct TemplateNetwork {
  /// The three numbers that its addresses begin with: "10.71.2".
  let first: String
  let second: String

  init(for name: String) {
    let hash = stableHash("new/\(name)")
    let beginning = "10.\(64 + hash % 64)"
    let third = (hash >> 8) % 127 * 2
    first = "\(beginning).\(third)"
    second = "\(beginning).\(third + 1)"
  }
}
