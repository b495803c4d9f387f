extension JSON {
  /// Reads one value and nothing behind it but space; nil for anything else, and for what is nested deeper than 64.
  package init?(parsing bytes: some Collection<UInt8>) {
    var parser = JSONParser(Array(bytes))
    guard let value = parser.value(depth: 64), parser.isAtEnd else { return nil }
    self = value
  }

  package init?(parsing text: String) { self.init(parsing: text.utf8) }
}

/// Recursive descent over bytes; every function leaves nil behind where the text is not JSON.
private struct JSONParser {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool {
    mutating get {
      skipSpace()
      return place == bytes.count
    }
  }

  mutating func value(depth: Int) -> JSON? {
    skipSpace()
    guard depth > 0, place < bytes.count else { return nil }
    switch bytes[place] {
    case UInt8(ascii: "{"): return object(depth)
    case UInt8(ascii: "["): return array(depth)
    case UInt8(ascii: "\""): return string().map(JSON.string)
    case UInt8(ascii: "t"): return word("true", .bool(true))
    case UInt8(ascii: "f"): return word("false", .bool(false))
    case UInt8(ascii: "n"): return word("null", .null)
    default: return number()
    }
  }

  private mutating func object(_ depth: Int) -> JSON? {
    place += 1
    var members: [String: JSON] = [:]
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard let key = string(), take(":"), let value = value(depth: depth - 1) else { return nil }
      members[key] = value
    } while take(",")
    return take("}") ? .object(members) : nil
  }

  private mutating func array(_ depth: Int) -> JSON? {
    place += 1
    var values: [JSON] = []
    if take("]") { return .array(values) }
    repeat {
      guard let value = value(depth: depth - 1) else { return nil }
      values.append(value)
    } while take(",")
    return take("]") ? .array(values) : nil
  }

  private mutating func word(_ word: StaticString, _ value: JSON) -> JSON? {
    let expected = Array(word.description.utf8)
    guard bytes[place...].starts(with: expected) else { return nil }
    place += expected.count
    return value
  }

  private mutating func number() -> JSON? {
    let start = place
    while place < bytes.count, Self.numeric.contains(bytes[place]) { place += 1 }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    // Swift reads more than JSON writes: a leading plus, zeros, a bare point.
    let digits = text.first == "-" ? text.dropFirst() : text[...]
    guard let first = digits.first, first.isASCII, first.isNumber, text.last != "." else { return nil }
    if first == "0", let second = digits.dropFirst().first, second.isNumber { return nil }
    return Int64(text).map(JSON.integer) ?? Double(text).map(JSON.number)
  }

  private static let numeric = Set("+-.0123456789eE".utf8)

  private mutating func string() -> String? {
    guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { return nil }
    place += 1
    var text: [UInt8] = []
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        text += Array(String(scalar).utf8)
      case 0..<0x20: return nil
      default: text.append(byte)
      }
    }
    return nil
  }

  /// What stands behind a backslash.
  private mutating func escape() -> Unicode.Scalar? {
    guard place < bytes.count else { return nil }
    let letter = bytes[place]
    place += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "u"): return unicode()
    default: return nil
    }
  }

  /// Four digits, or two times four for what lies beyond the first plane.
  private mutating func unicode() -> Unicode.Scalar? {
    guard let high = fourDigits() else { return nil }
    guard 0xd800..<0xdc00 ~= high else { return Unicode.Scalar(high) }
    guard bytes[place...].starts(with: Array("\\u".utf8)) else { return nil }
    place += 2
    guard let low = fourDigits(), 0xdc00..<0xe000 ~= low else { return nil }
    return Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
  }

  private mutating func fourDigits() -> UInt32? {
    guard place + 4 <= bytes.count, bytes[place] != UInt8(ascii: "+") else { return nil }
    let text = String(decoding: bytes[place..<place + 4], as: UTF8.self)
    place += 4
    return UInt32(text, radix: 16)
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  private mutating func skipSpace() {
    while place < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[place]) { place += 1 }
  }
}
