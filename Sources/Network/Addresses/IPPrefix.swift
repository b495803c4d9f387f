/// A network prefix: all addresses that share its first `length` bits. Bits beyond `length` are zero.
package struct IPPrefix: Hashable, Sendable {
  /// The lowest address of the prefix.
  package let address: IPAddress
  /// The number of fixed bits: 0...32 or 0...128.
  package let length: Int

  /// The prefix that holds `address`; nil for a length that the family does not have.
  package init?(_ address: IPAddress, length: Int) {
    guard (0...address.family.bits).contains(length) else { return nil }
    self.length = length
    self.address = IPAddress(address.family, value: address.value & Self.mask(address.family, length))
  }

  /// The prefix of one address.
  package init(_ address: IPAddress) {
    self.address = address
    self.length = address.family.bits
  }

  /// Reads `ADDRESS/LENGTH` or a bare address; host bits are dropped. nil for anything else.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let address = IPAddress(parts[0]) else { return nil }
    if parts.count == 1 {
      self.init(address)
      return
    }
    guard parts[1].allSatisfy({ ("0"..."9").contains($0) }), let length = Int(parts[1]) else { return nil }
    self.init(address, length: length)
  }

  package var family: IPAddress.Family { address.family }

  /// The highest address of the prefix.
  package var last: IPAddress {
    IPAddress(family, value: address.value | (~Self.mask(family, length) & Self.mask(family, family.bits, low: true)))
  }

  package func contains(_ other: IPAddress) -> Bool {
    other.family == family && other.value & Self.mask(family, length) == address.value
  }

  package func overlaps(_ other: IPPrefix) -> Bool {
    contains(other.address) || other.contains(address)
  }

  /// The high `length` bits of the family set; with `low`, all bits that the family has.
  private static func mask(_ family: IPAddress.Family, _ length: Int, low: Bool = false) -> UInt128 {
    let all: UInt128 = family == .v4 ? UInt128(UInt32.max) : .max
    if low || length == family.bits { return all }
    return length == 0 ? 0 : all & ~(all >> UInt128(length))
  }
}

extension IPPrefix: Comparable {
  package static func < (a: IPPrefix, b: IPPrefix) -> Bool { (a.address, a.length) < (b.address, b.length) }
}

extension IPPrefix: CustomStringConvertible {
  package var description: String { "\(address)/\(length)" }
}

/// An address of an interface together with the prefix of its network: `10.0.10.1/24`.
package struct InterfaceAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let address: IPAddress
  package let prefixLength: Int

  /// nil for a length that the family does not have.
  package init?(_ address: IPAddress, prefixLength: Int) {
    guard (0...address.family.bits).contains(prefixLength) else { return nil }
    self.address = address
    self.prefixLength = prefixLength
  }

  /// Reads `ADDRESS/LENGTH`; nil for anything else.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let prefix = IPPrefix(text), let address = IPAddress(parts[0]) else { return nil }
    self.address = address
    self.prefixLength = prefix.length
  }

  /// The network that the address lies in.
  package var prefix: IPPrefix { IPPrefix(address, length: prefixLength) ?? IPPrefix(address) }

  package var description: String { "\(address)/\(prefixLength)" }

  package static func < (a: Self, b: Self) -> Bool { (a.address, a.prefixLength) < (b.address, b.prefixLength) }
}
