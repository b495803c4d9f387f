package import Host
package import Network

/// Names and addresses that meros chooses: made from the manifest's own names alone, so that a plan knows them beforehand
/// and every run chooses the same.
package struct Naming: Sendable {
  package let scope: Scope

  package init(_ scope: Scope) { self.scope = scope }

  /// `CONSTELLATION-BRIDGE` where that fits an interface name.
  package func bridge(_ name: String) -> LinkName { link("\(scope.constellation)-\(name)") }

  /// The label where it fits an interface name.
  package func tap(label: String?, vm: String, index: Int) -> LinkName {
    label.flatMap(LinkName.init) ?? link("\(scope.constellation)-\(label ?? "\(vm)-\(index)")")
  }

  /// A locally administered address, 52:54 and 32 bits.
  package func mac(vm: String, index: Int) -> MACAddress {
    let hash = stableHash("mac/\(scope.constellation)/\(vm)/\(index)")
    return MACAddress(value: 0x5254 << 32 | (hash ^ hash >> 32) & 0xffff_ffff)
  }

  /// A UUID of version 8 (RFC 9562, section 5.8).
  package func uuid(vm: String) -> String {
    let text = "\(scope.constellation)/\(scope.data)/\(vm)"
    let high = stableHash("uuid-high/\(text)") & 0xffff_ffff_ffff_0fff | 0x8000
    let low = stableHash("uuid-low/\(text)") & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
    let digits = hexadecimal(high, digits: 16) + hexadecimal(low, digits: 16)
    var groups: [Substring] = []
    var rest = Substring(digits)
    for length in [8, 4, 4, 4, 12] {
      groups.append(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    return groups.joined(separator: "-")
  }

  /// The text itself, or its beginning and seven digits of its hash when it is no interface name.
  private func link(_ text: String) -> LinkName {
    if let name = LinkName(text) { return name }
    let digits = hexadecimal(stableHash("link/\(text)") & 0xfff_ffff, digits: 7)
    let beginning = String(String.UnicodeScalarView(text.unicodeScalars.lazy.filter(Self.isPlain).prefix(7)))
    guard let name = LinkName("\(beginning)-\(digits)") else {
      preconditionFailure("seven plain characters, a hyphen and seven digits are an interface name")
    }
    return name
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "-": true
    default: false
    }
  }
}
