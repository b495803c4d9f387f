import Network

/// What a set is filled with, as our values and in nft's words.
enum Members: Sendable {
  /// Tap, MAC and address: what keeps a machine from sending as another.
  case exact
  /// Tap and a range of addresses.
  case ranges

  static let count: UInt32 = 10_000

  var key: [FieldType] {
    switch self {
    case .exact: [.link, .mac, .ipv4]
    case .ranges: [.link, .ipv4]
    }
  }

  var words: String {
    switch self {
    case .exact: "type ifname . ether_addr . ipv4_addr"
    case .ranges: "type ifname . ipv4_addr\nflags interval"
    }
  }

  func definition(_ name: String, _ elements: some Sequence<UInt32>) -> SetDefinition {
    SetDefinition(name, key, isInterval: self == .ranges, elements: Set(elements.compactMap(element)))
  }

  /// nil for no number below 2^24.
  func element(_ number: UInt32) -> SetElement? {
    guard let link = LinkName("tap\(number)") else { return nil }
    let first = Self.address(number)
    switch self {
    case .exact:
      return SetElement(
        .link(link), .mac(Self.mac(number)), .address(.v4(first)), comment: "vm\(number)")
    case .ranges:
      return SetElement(
        from: [.link(link), .address(.v4(first))], through: [.link(link), .address(.v4(first + 9))],
        comment: "vm\(number)")
    }
  }

  func words(_ number: UInt32) -> String {
    let address = IPAddress.v4(Self.address(number))
    switch self {
    case .exact: return "\"tap\(number)\" . \(Self.mac(number)) . \(address) comment \"vm\(number)\""
    case .ranges:
      return "\"tap\(number)\" . \(address)-\(IPAddress.v4(Self.address(number) + 9)) comment \"vm\(number)\""
    }
  }

  private static func mac(_ number: UInt32) -> MACAddress { MACAddress(value: 0x5254 << 32 | UInt64(number)) }

  private static func address(_ number: UInt32) -> UInt32 { 10 << 24 | number << 4 }
}
