/// A JSON value (RFC 8259).
package enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  /// A number without fraction or exponent that fits.
  case integer(Int64)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  /// The member of an object; nil for anything else.
  package subscript(key: String) -> JSON? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  /// nil unless it is a string.
  package var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// nil unless it is an integer.
  package var integer: Int64? {
    if case .integer(let number) = self { number } else { nil }
  }

  /// nil unless it is an object whose members are all strings.
  package var strings: [String: String]? {
    guard case .object(let members) = self else { return nil }
    var all: [String: String] = [:]
    for (key, value) in members {
      guard let text = value.string else { return nil }
      all[key] = text
    }
    return all
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
  package init(stringLiteral text: String) { self = .string(text) }

  package init(arrayLiteral elements: JSON...) { self = .array(elements) }

  /// The last of equal keys counts.
  package init(dictionaryLiteral members: (String, JSON)...) {
    self = .object([String: JSON](members) { _, last in last })
  }
}
