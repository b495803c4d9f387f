/// A 48-bit Ethernet address.
package struct MACAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The six octets as a number: 52:54:00:00:00:01 is 0x525400000001. The upper 16 bits are zero.
  package let value: UInt64

  /// Keeps the lower 48 bits.
  package init(value: UInt64) { self.value = value & 0xffff_ffff_ffff }

  /// Reads six octets of two hexadecimal digits with colons between; nil for anything else.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 6, parts.allSatisfy({ $0.utf8.count == 2 }) else { return nil }
    var number: UInt64 = 0
    for part in parts {
      guard part.allSatisfy(\.isHexDigit), let octet = UInt64(part, radix: 16) else { return nil }
      number = number << 8 | octet
    }
    value = number
  }

  /// nil unless there are six bytes.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 6 else { return nil }
    value = bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Six bytes, as they go over the wire.
  package var bytes: [UInt8] { (0..<6).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (5 - $0))) } }

  /// The lowest bit of the first octet is clear: the address of one station (IEEE 802).
  package var isUnicast: Bool { value >> 40 & 1 == 0 }

  package var description: String {
    bytes.map { hexadecimal($0, digits: 2) }.joined(separator: ":")
  }

  package static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}
