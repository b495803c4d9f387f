import Netlink
import Network

extension RawSpan {
  /// A number in network order; nil for another length.
  func bigEndian<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type = UInt32.self) -> Number? {
    byteCount == MemoryLayout<Number>.size ? integer(type, at: 0).map { Number(bigEndian: $0) } : nil
  }
}

/// The attributes of an expression, copied: type to value.
struct Attributes {
  private let values: [UInt32: [UInt8]]

  init(_ span: RawSpan) {
    var values: [UInt32: [UInt8]] = [:]
    span.forEachAttribute { type, value in values[UInt32(type)] = value.bytes() }
    self.values = values
  }

  /// Whether there is nothing but these.
  func areAll(among types: Set<UInt32>) -> Bool { types.isSuperset(of: values.keys) }

  func number(_ type: UInt32) -> UInt32? {
    values[type].flatMap { $0.count == 4 ? $0.reduce(0) { $0 << 8 | UInt32($1) } : nil }
  }

  func longNumber(_ type: UInt32) -> UInt64? {
    values[type].flatMap { $0.count == 8 ? $0.reduce(0) { $0 << 8 | UInt64($1) } : nil }
  }

  func byte(_ type: UInt32) -> UInt8? { values[type].flatMap { $0.count == 1 ? $0[0] : nil } }

  func text(_ type: UInt32) -> String? { values[type].map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) } }

  func register(_ type: UInt32) -> Register? { number(type).flatMap(Register.init(number:)) }

  /// The bytes within NFTA_DATA_VALUE.
  func data(_ type: UInt32) -> [UInt8]? {
    guard let bytes = values[type], case .data(let value)? = SetElement.Value(unsafe bytes.span.bytes) else {
      return nil
    }
    return value
  }

  func verdict(_ type: UInt32) -> Verdict? {
    guard let bytes = values[type], case .verdict(let verdict)? = SetElement.Value(unsafe bytes.span.bytes) else {
      return nil
    }
    return verdict
  }
}
