import CMnl

/// The header of a netlink message (`struct nlmsghdr`), in host order as the kernel has it.
package struct NetlinkHeader: Equatable, Sendable {
  /// The header's own length, in bytes.
  package static let length = 16

  /// Of the whole message, in bytes, without padding.
  package var totalLength: UInt32
  package var type: UInt16
  package var flags: UInt16
  package var sequence: UInt32
  package var portID: UInt32

  /// Reads the header at the start of these bytes; nil when they do not hold one whole message.
  package init?(_ bytes: RawSpan) {
    guard let total = bytes.integer(UInt32.self, at: 0), total >= Self.length, Int(total) <= bytes.byteCount,
      let type = bytes.integer(UInt16.self, at: 4), let flags = bytes.integer(UInt16.self, at: 6),
      let sequence = bytes.integer(UInt32.self, at: 8), let portID = bytes.integer(UInt32.self, at: 12)
    else { return nil }
    totalLength = total
    self.type = type
    self.flags = flags
    self.sequence = sequence
    self.portID = portID
  }

  /// A dump was overtaken by a change: what it told does not belong together.
  package var isInterrupted: Bool { flags & UInt16(NLM_F_DUMP_INTR) != 0 }
}

/// What one receive brought: several messages, one after the other.
package struct NetlinkDatagram: Sendable {
  package let bytes: [UInt8]

  package init(bytes: [UInt8]) { self.bytes = bytes }

  /// Hands over each message, its header included. Stops at the first that is cut short.
  package func forEach<E>(_ body: (NetlinkHeader, _ message: RawSpan) throws(E) -> Void) throws(E) {
    let all = unsafe bytes.span.bytes
    var start = 0
    while start < all.byteCount, let header = NetlinkHeader(all.extracting(droppingFirst: start)) {
      let end = start + Int(header.totalLength)
      try body(header, all.extracting(start..<end))
      start = (end + 3) & ~3
    }
  }
}

extension RawSpan {
  /// The number that stands there in host order; nil where the bytes end before.
  package func integer<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, at offset: Int) -> Number? {
    guard offset >= 0, offset + MemoryLayout<Number>.size <= byteCount else { return nil }
    // Every pattern of bits is a value of an integer.
    return unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: Number.self)
  }

  /// A copy of the bytes from there on.
  package func bytes(from offset: Int = 0) -> [UInt8] {
    guard offset < byteCount else { return [] }
    return unsafe extracting(droppingFirst: offset).withUnsafeBytes { unsafe [UInt8]($0) }
  }

  /// The bytes up to the first NUL, or all of them, as text.
  package var text: String {
    unsafe withUnsafeBytes { bytes in unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
  }

  /// Hands over the type, without its flags, and the value of each attribute from `offset` on. Stops at the first
  /// that is cut short.
  package func forEachAttribute<E>(from offset: Int = 0, _ body: (UInt16, RawSpan) throws(E) -> Void) throws(E) {
    var start = offset
    while let length = integer(UInt16.self, at: start), let type = integer(UInt16.self, at: start + 2),
      length >= 4, start + Int(length) <= byteCount
    {
      try body(type & ~UInt16(NLA_F_NESTED | NLA_F_NET_BYTEORDER), extracting((start + 4)..<(start + Int(length))))
      start += (Int(length) + 3) & ~3
    }
  }
}
