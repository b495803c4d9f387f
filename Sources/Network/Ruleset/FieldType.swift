/// What a field of a set's key holds. The raw values are nft's own numbers of data types, by which it lists them.
package enum FieldType: UInt32, Hashable, Sendable {
  /// The target of a neighbour solicitation or advertisement (`@th,64,128`), which nft has no type for but "integer".
  case neighborTarget = 4
  case ipv4 = 7
  case ipv6 = 8
  case mac = 9
  /// A number of a transport protocol.
  case transport = 12
  case port = 13
  case icmpType = 14
  case mark = 19
  case conntrackState = 26
  case icmp6Type = 29
  case link = 41

  /// In bytes, without padding.
  package var length: Int {
    switch self {
    case .neighborTarget, .ipv6, .link: 16
    case .ipv4, .mark, .conntrackState: 4
    case .mac: 6
    case .port: 2
    case .transport, .icmpType, .icmp6Type: 1
    }
  }

  /// In a key of several fields each takes whole words of four bytes.
  package var paddedLength: Int { (length + 3) & ~3 }
}

/// A value of one field of a key.
package enum Field: Hashable, Sendable {
  case link(LinkName)
  case mac(MACAddress)
  case address(IPAddress)
  /// Transport protocols, ICMP types.
  case byte(UInt8)
  case port(UInt16)
  /// Marks: in host order.
  case number(UInt32)

  /// As the kernel compares it, without padding.
  package var bytes: [UInt8] {
    switch self {
    case .link(let name): Array(name.text.utf8) + [UInt8](repeating: 0, count: 16 - name.text.utf8.count)
    case .mac(let address): address.bytes
    case .address(let address): address.bytes
    case .byte(let byte): [byte]
    case .port(let port): [UInt8(port >> 8), UInt8(port & 0xff)]
    case .number(let number): number.nativeBytes
    }
  }
}

extension UInt32 {
  /// In host order, as the kernel keeps marks, groups and states.
  package var nativeBytes: [UInt8] { unsafe withUnsafeBytes(of: self) { unsafe [UInt8]($0) } }
}
