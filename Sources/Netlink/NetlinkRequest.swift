import CMnl

/// A netlink message being made: a header, a fixed part, then attributes.
package struct NetlinkRequest: Sendable {
  /// The message as it goes out, not padded.
  package private(set) var bytes: [UInt8]

  /// `flags` besides NLM_F_REQUEST; `fixed` is the structure that the type asks for, such as `ifinfomsg`.
  package init(type: UInt16, flags: Int32, fixed: [UInt8]) {
    bytes = [UInt8](repeating: 0, count: NetlinkHeader.length)
    overwrite(type, at: 4)
    overwrite(UInt16(truncatingIfNeeded: flags | NLM_F_REQUEST), at: 6)
    bytes += fixed
    closeLength()
  }

  package var type: UInt16 { unsafe bytes.span.bytes.integer(UInt16.self, at: 4) ?? 0 }

  package var sequence: UInt32 {
    get { unsafe bytes.span.bytes.integer(UInt32.self, at: 8) ?? 0 }
    set { overwrite(newValue, at: 8) }
  }

  /// Sets flags besides those that are set: NLM_F_ACK, NLM_F_DUMP.
  package mutating func addFlags(_ flags: Int32) {
    let present = unsafe bytes.span.bytes.integer(UInt16.self, at: 6) ?? 0
    overwrite(present | UInt16(truncatingIfNeeded: flags), at: 6)
  }

  /// Appends an attribute with these bytes.
  package mutating func put(_ type: Int, _ value: [UInt8]) {
    pad()
    append(UInt16(value.count + 4))
    append(UInt16(type))
    bytes += value
    closeLength()
  }

  /// Appends an attribute with a number in host order.
  package mutating func put<Number: FixedWidthInteger>(_ type: Int, _ value: Number) {
    put(type, Self.native(value))
  }

  /// Appends an attribute with a text that ends with NUL.
  package mutating func put(_ type: Int, _ text: String) {
    put(type, Array(text.utf8) + [0])
  }

  /// Appends an attribute that holds attributes.
  package mutating func nest(_ type: Int, _ body: (inout NetlinkRequest) -> Void) {
    pad()
    let start = bytes.count
    append(UInt16(0))
    append(UInt16(type) | UInt16(NLA_F_NESTED))
    body(&self)
    pad()
    overwrite(UInt16(bytes.count - start), at: start)
    closeLength()
  }

  private mutating func pad() {
    while bytes.count % 4 != 0 { bytes.append(0) }
  }

  private mutating func append(_ value: UInt16) { bytes += Self.native(value) }

  private mutating func closeLength() { overwrite(UInt32(bytes.count), at: 0) }

  private mutating func overwrite<Number: FixedWidthInteger>(_ value: Number, at offset: Int) {
    for (index, byte) in Self.native(value).enumerated() { bytes[offset + index] = byte }
  }

  /// The bytes of a number in host order.
  private static func native<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
    unsafe withUnsafeBytes(of: value) { unsafe [UInt8]($0) }
  }
}
