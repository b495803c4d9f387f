import CNftnl
import Netlink
import Network

extension SetDefinition {
  /// Reads a set's own message, which does not tell its elements. nil for one without a name of its own: it belongs
  /// to the rule that looks it up.
  init?(_ message: RawSpan) {
    self.init("", [])
    var flags: UInt32 = 0
    var (keyType, keyLength): (UInt32, UInt32) = (0, 0)
    var (dataType, dataLength): (UInt32, UInt32) = (0, 0)
    message.forEachAttribute(from: attributesOffset) { type, value in
      switch UInt32(type) {
      case NFTA_SET_NAME.rawValue: name = value.text
      case NFTA_SET_FLAGS.rawValue: flags = value.bigEndian() ?? 0
      case NFTA_SET_KEY_TYPE.rawValue: keyType = value.bigEndian() ?? 0
      case NFTA_SET_KEY_LEN.rawValue: keyLength = value.bigEndian() ?? 0
      case NFTA_SET_DATA_TYPE.rawValue: dataType = value.bigEndian() ?? 0
      case NFTA_SET_DATA_LEN.rawValue: dataLength = value.bigEndian() ?? 0
      case NFTA_SET_TIMEOUT.rawValue: unknown.insert("timeout")
      case NFTA_SET_EXPR.rawValue, NFTA_SET_EXPRESSIONS.rawValue: unknown.insert("expressions")
      case NFTA_SET_DESC.rawValue:
        value.forEachAttribute { type, value in
          if UInt32(type) == NFTA_SET_DESC_SIZE.rawValue { unknown.insert("size \(value.bigEndian() ?? 0)") }
        }
      default: break
      }
    }
    if flags & NFT_SET_ANONYMOUS.rawValue != 0 { return nil }
    isInterval = flags & NFT_SET_INTERVAL.rawValue != 0
    let known = NFT_SET_INTERVAL.rawValue | NFT_SET_MAP.rawValue | NFT_SET_CONCAT.rawValue
    if flags & ~known != 0 { unknown.insert("flags \(flags & ~known)") }
    if let fields = Self.fields(typeNumber: keyType, length: Int(keyLength)) {
      key = fields
    } else {
      unknown.insert("key \(keyType), \(keyLength)")
    }
    guard flags & NFT_SET_MAP.rawValue != 0 else { return }
    if dataType == verdictType {
      value = .verdict
    } else if let fields = Self.fields(typeNumber: dataType, length: Int(dataLength)) {
      value = .fields(fields)
    } else {
      unknown.insert("data \(dataType), \(dataLength)")
    }
  }

  /// Whether each range is told by one element with both ends, not by two with one end each.
  var hasRangesInOneElement: Bool { isInterval && key.count > 1 }
}

/// An element as the kernel tells it: in a set of plain ranges it is one end of a range.
struct DecodedElement {
  var element = SetElement(key: [])
  var isEnd = false

  /// Reads NFTA_SET_ELEM_*.
  init(_ span: RawSpan) {
    span.forEachAttribute { type, value in
      switch UInt32(type) {
      case NFTA_SET_ELEM_KEY.rawValue: element.key = Self.data(value)
      case NFTA_SET_ELEM_KEY_END.rawValue: element.last = Self.data(value)
      case NFTA_SET_ELEM_DATA.rawValue: element.value = SetElement.Value(value)
      case NFTA_SET_ELEM_FLAGS.rawValue: isEnd = (value.bigEndian() ?? 0) & NFT_SET_ELEM_INTERVAL_END.rawValue != 0
      case NFTA_SET_ELEM_USERDATA.rawValue:
        element.comment = comment(in: value, type: NFTNL_UDATA_SET_ELEM_COMMENT.rawValue)
      case NFTA_SET_ELEM_EXPR.rawValue, NFTA_SET_ELEM_EXPRESSIONS.rawValue, NFTA_SET_ELEM_TIMEOUT.rawValue,
        NFTA_SET_ELEM_OBJREF.rawValue:
        element.isUnknown = true
      default: break
      }
    }
  }

  /// The bytes in NFTA_DATA_VALUE, which is all that a key has.
  private static func data(_ span: RawSpan) -> [UInt8] {
    span.integer(UInt16.self, at: 0).map { span.extracting(4..<max(4, min(Int($0), span.byteCount))).bytes() } ?? []
  }

  /// All elements of one message.
  static func elements(of message: RawSpan) -> [DecodedElement] {
    var elements: [DecodedElement] = []
    message.forEachAttribute(from: attributesOffset) { type, value in
      guard UInt32(type) == NFTA_SET_ELEM_LIST_ELEMENTS.rawValue else { return }
      value.forEachAttribute { _, value in elements.append(DecodedElement(value)) }
    }
    return elements
  }
}

extension SetDefinition {
  /// The members that these elements are.
  func members(_ decoded: [DecodedElement]) -> Set<SetElement> {
    guard isInterval else { return Set(decoded.map(\.element)) }
    guard !hasRangesInOneElement else {
      return Set(
        decoded.map { decoded in
          var element = decoded.element
          // A range of one key may come without its end.
          element.last = element.last ?? element.key
          return element
        })
    }
    return rangesBetweenEnds(decoded)
  }

  /// A range goes from an element to the end before the next; the last may have none.
  private func rangesBetweenEnds(_ decoded: [DecodedElement]) -> Set<SetElement> {
    let sorted = decoded.sorted { a, b in
      a.element.key == b.element.key
        ? a.isEnd && !b.isEnd : a.element.key.lexicographicallyPrecedes(b.element.key)
    }
    var members: Set<SetElement> = []
    var open: SetElement?
    for next in sorted {
      if var range = open {
        range.last = predecessor(of: next.element.key)
        members.insert(range)
      }
      open = next.isEnd ? nil : next.element
    }
    if var range = open {
      range.last = [UInt8](repeating: 0xff, count: range.key.count)
      members.insert(range)
    }
    return members
  }
}

/// The number before this one, in network order; that of zero is zero.
private func predecessor(of bytes: [UInt8]) -> [UInt8] {
  guard let last = bytes.lastIndex(where: { $0 != 0 }) else { return bytes }
  var result = bytes
  result[last] -= 1
  for index in bytes.indices where index > last { result[index] = 0xff }
  return result
}

/// The number after this one, in network order; nil after the last.
func successor(of bytes: [UInt8]) -> [UInt8]? {
  guard let last = bytes.lastIndex(where: { $0 != 0xff }) else { return nil }
  var result = bytes
  result[last] += 1
  for index in bytes.indices where index > last { result[index] = 0 }
  return result
}
