import Network

/// A field of at most sixteen bytes as numbers, which are compared and hashed at once.
struct FieldValue: Hashable {
  private let count: Int
  /// The bytes in their order, the first one highest; zeros behind them.
  private let bits: UInt128

  init(_ bytes: some Collection<UInt8>) {
    var bits: UInt128 = 0
    var count = 0
    for byte in bytes.prefix(16) {
      bits = bits << 8 | UInt128(byte)
      count += 1
    }
    self.count = count
    self.bits = count == 0 ? 0 : bits << UInt128(8 * (16 - count))
  }

  init(_ address: IPAddress) {
    count = address.family.bits / 8
    bits = address.value << UInt128(128 - address.family.bits)
  }

  /// Its first bytes under a mask.
  func prefix(_ mask: FieldValue) -> UInt128? { mask.count <= count ? bits & mask.bits : nil }

  /// As many bytes, all bits set.
  var mask: FieldValue { FieldValue([UInt8](repeating: 0xff, count: count)) }

  /// What `prefix` is compared with.
  var number: UInt128 { bits }
}
