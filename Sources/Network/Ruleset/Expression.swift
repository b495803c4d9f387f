/// One expression of a rule, as the kernel runs it. Written so that what is the same to the kernel is equal.
package enum Expression: Hashable, Sendable {
  case meta(MetaKey, Register)
  case setMeta(MetaKey, Register)
  case conntrack(ConntrackKey, Register)
  /// `length` bytes of the packet from `offset` of this header on. Where they are not there the rule does not match.
  case payload(PayloadBase, offset: UInt32, length: UInt32, Register)
  case compare(Register, Comparison, [UInt8])
  /// `to` becomes `from & mask ^ xor`.
  case mask(Register, to: Register, mask: [UInt8], xor: [UInt8])
  /// Goes on when the key is in the set; inverted, when it is not.
  case lookup(Register, set: String, isInverted: Bool)
  /// Goes on with what the map gives for the key: a value in `into`, or for nil a verdict.
  case map(Register, set: String, into: Register?)
  case load([UInt8], Register)
  case verdict(Verdict)
  /// Counts packets and bytes; the numbers are no part of the value.
  case counter
  case limit(RateLimit)
  case log(prefix: String, level: UInt32)
  case reject(Rejection)
  /// NF_NAT_RANGE_* of `masquerade`; 0 for none.
  case masquerade(flags: UInt32)
  case translate(Translation)
  /// What kind of route leads to the destination: RTN_* of `fib daddr type`, in host order.
  case destinationType(Register)
  /// What this version has no word for: its name and the attributes as the kernel gives them.
  case other(name: String, attributes: [UInt8])
}

/// Sixteen registers of four bytes each; a value takes as many in a row as it needs.
package struct Register: Hashable, Sendable {
  /// 0...15
  package let word: UInt32

  /// Counts words of four bytes modulo 16.
  package init(_ word: UInt32) { self.word = word & 15 }

  package static let first = Register(0)
}

/// NFT_META_*
package enum MetaKey: UInt32, Hashable, Sendable {
  case length = 0, protocolNumber, priority, mark, iif, oif, iifName, oifName
  case familyNumber = 15
  case transport = 16
  case packetType = 19
  case iifGroup = 21
  case oifGroup = 22
  case iifKind = 26
  case oifKind = 27
}

/// NFT_CT_*
package enum ConntrackKey: UInt32, Hashable, Sendable {
  case state = 0
  case direction, status, mark
}

/// NFT_PAYLOAD_*_HEADER
package enum PayloadBase: UInt32, Hashable, Sendable {
  case link, network, transport
}

/// NFT_CMP_*
package enum Comparison: UInt32, Hashable, Sendable {
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
}

package enum Verdict: Hashable, Sendable {
  case accept, drop, proceed, giveBack
  case jump(String)
  case goto(String)
}

package struct RateLimit: Hashable, Sendable {
  /// Packets in `unit` seconds.
  package var rate: UInt64
  package var unit: UInt64
  /// Packets.
  package var burst: UInt32

  package init(rate: UInt64, unit: UInt64 = 1, burst: UInt32 = 5) {
    self.rate = rate
    self.unit = unit
    self.burst = burst
  }
}

package enum Rejection: Hashable, Sendable {
  case tcpReset
  /// An ICMP or ICMPv6 code of the rule's own family.
  case icmp(UInt8)
  /// NFT_REJECT_ICMPX_*: the code of whichever family the packet has.
  case icmpx(UInt8)
}

/// A translation of addresses whose new values stand in registers.
package struct Translation: Hashable, Sendable {
  package var isDestination: Bool
  /// Of the address: IPv6 or else IPv4.
  package var isIPv6: Bool
  package var address: Register?
  package var port: Register?
  /// NF_NAT_RANGE_* besides those that the address and the port imply.
  package var flags: UInt32

  package init(isDestination: Bool, isIPv6: Bool, address: Register?, port: Register?, flags: UInt32 = 0) {
    self.isDestination = isDestination
    self.isIPv6 = isIPv6
    self.address = address
    self.port = port
    self.flags = flags
  }
}
