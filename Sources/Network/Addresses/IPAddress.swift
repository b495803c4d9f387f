import Glibc

/// An IPv4 or IPv6 address. Ordered: all of IPv4 before all of IPv6, then by value.
package enum IPAddress: Hashable, Sendable {
  /// 32 bits in host order: 10.0.0.1 is 0x0a000001.
  case v4(UInt32)
  /// 128 bits in host order: ::1 is 1.
  case v6(UInt128)

  package enum Family: String, Hashable, Sendable, CaseIterable, Comparable {
    case v4, v6

    /// The length of an address of this family, in bits.
    package var bits: Int { self == .v4 ? 32 : 128 }

    package static func < (a: Self, b: Self) -> Bool { a == .v4 && b == .v6 }
  }

  package var family: Family {
    switch self {
    case .v4: .v4
    case .v6: .v6
    }
  }

  /// The address as a number in host order.
  package var value: UInt128 {
    switch self {
    case .v4(let bits): UInt128(bits)
    case .v6(let bits): bits
    }
  }

  /// The address of a family with this number; bits beyond the family's length are dropped.
  package init(_ family: Family, value: UInt128) {
    self = family == .v4 ? .v4(UInt32(truncatingIfNeeded: value)) : .v6(value)
  }

  /// Reads the text form that `inet_pton(3)` takes; nil when it is neither.
  package init?(_ text: some StringProtocol) {
    let text = String(text)
    var v4 = in_addr()
    if unsafe inet_pton(AF_INET, text, &v4) == 1 {
      self = .v4(UInt32(bigEndian: v4.s_addr))
      return
    }
    var v6 = in6_addr()
    guard unsafe inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
    self = unsafe withUnsafeBytes(of: &v6) { bytes in
      .v6(UInt128(bigEndian: unsafe bytes.loadUnaligned(as: UInt128.self)))
    }
  }

  /// The 4 or 16 bytes in network order; nil for another length.
  package init?(bytes: some Collection<UInt8>) {
    switch bytes.count {
    case 4: self = .v4(bytes.reduce(0) { $0 << 8 | UInt32($1) })
    case 16: self = .v6(bytes.reduce(0) { $0 << 8 | UInt128($1) })
    default: return nil
    }
  }

  /// 4 or 16 bytes in network order.
  package var bytes: [UInt8] {
    let length = family.bits / 8
    let number = value
    return (0..<length).map { UInt8(truncatingIfNeeded: number >> UInt128(8 * (length - 1 - $0))) }
  }

  /// The address that many places further; nil where the family ends.
  package func advanced(by places: UInt128) -> IPAddress? {
    let (sum, overflow) = value.addingReportingOverflow(places)
    guard !overflow, family == .v6 || sum <= UInt128(UInt32.max) else { return nil }
    return IPAddress(family, value: sum)
  }
}

extension IPAddress: Comparable {
  package static func < (a: IPAddress, b: IPAddress) -> Bool {
    a.family == b.family ? a.value < b.value : a.family < b.family
  }
}

extension IPAddress: CustomStringConvertible {
  /// The canonical text: dotted quad, or RFC 5952.
  package var description: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    switch self {
    case .v4(let bits):
      var address = in_addr(s_addr: bits.bigEndian)
      _ = unsafe inet_ntop(AF_INET, &address, &text, socklen_t(text.count))
    case .v6(let bits):
      var address = in6_addr()
      unsafe withUnsafeMutableBytes(of: &address) { unsafe $0.storeBytes(of: bits.bigEndian, as: UInt128.self) }
      _ = unsafe inet_ntop(AF_INET6, &address, &text, socklen_t(text.count))
    }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
