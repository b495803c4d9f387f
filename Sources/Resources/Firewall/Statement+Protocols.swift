import Network

/// The pieces that the rules are made of, in the order of expressions that nft itself gives them: what it lists and
/// loads again stays the same.
extension Statement {
  /// Bits of conntrack's state (NF_CT_STATE_*), 4 bytes in host order.
  static func state(_ bits: UInt32) -> Statement {
    Statement(
      .conntrack(.state, .first), .mask(.first, to: .first, mask: bits.nativeBytes, xor: [0, 0, 0, 0]),
      .compare(.first, .notEqual, [0, 0, 0, 0]))
  }

  /// Replies, and what belongs to a connection that was let pass, ICMP errors among it.
  static let isEstablished = state(2 | 4)
  static let isInvalid = state(1)

  /// NFPROTO_*: in a table that sees both families.
  static let isIPv4 = Statement(.meta(.familyNumber, .first), .compare(.first, .equal, [2]))
  static let isIPv6 = Statement(.meta(.familyNumber, .first), .compare(.first, .equal, [10]))

  /// `ether type`, in a table that sees frames.
  static func etherType(_ type: UInt16) -> Statement {
    header(.link, at: 12, [UInt8(type >> 8), UInt8(type & 0xff)])
  }

  static let isARP = etherType(0x0806)
  static let isIPv4Frame = etherType(0x0800)
  static let isIPv6Frame = etherType(0x86dd)

  /// `meta protocol`: what nft puts before addresses, where before ports it puts `ether type`.
  static let isIPv4Packet = Statement(.meta(.protocolNumber, .first), .compare(.first, .equal, [8, 0]))
  static let isIPv6Packet = Statement(.meta(.protocolNumber, .first), .compare(.first, .equal, [0x86, 0xdd]))

  static let isICMP = transport(1)
  static let isTCP = transport(6)
  static let isUDP = transport(17)
  static let isICMP6 = transport(58)

  /// The type of an ICMP or ICMPv6 message, which must have been matched before.
  static func icmpType(_ type: UInt8) -> Statement { header(.transport, at: 0, [type]) }

  static func icmpType(in set: String) -> Statement {
    fields(.payload(.transport, offset: 0, length: 1), in: set)
  }

  /// A link of this or any other constellation: the upper byte of every `Scope.linkGroup`.
  static func anyConstellation(_ end: End, is comparison: Comparison = .equal) -> Statement {
    .group(end, 0x6d00_0000, under: 0xff00_0000, is: comparison)
  }
}
