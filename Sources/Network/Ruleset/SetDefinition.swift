/// A named set or map with its elements.
package struct SetDefinition: Hashable, Sendable {
  package var name: String
  /// One field, or several that are matched together.
  package var key: [FieldType]
  /// What a map leads to; nil for a set.
  package var value: Value?
  /// Elements are ranges; in a key of several fields each field has one.
  package var isInterval: Bool
  package var elements: Set<SetElement>
  /// Flags and types that none of our sets have; empty in every set of ours.
  package var unknown: Set<String>

  package enum Value: Hashable, Sendable {
    case verdict
    case fields([FieldType])
  }

  package init(
    _ name: String, _ key: [FieldType], to value: Value? = nil, isInterval: Bool = false,
    elements: Set<SetElement> = [], unknown: Set<String> = []
  ) {
    self.name = name
    self.key = key
    self.value = value
    self.isInterval = isInterval
    self.elements = elements
    self.unknown = unknown
  }

  /// The length of a key, in bytes.
  package var keyLength: Int { Self.length(of: key) }

  /// The length of these fields together, in bytes: padded, but for a single one.
  package static func length(of fields: [FieldType]) -> Int {
    fields.count == 1 ? fields[0].length : fields.reduce(0) { $0 + $1.paddedLength }
  }

  /// Whether elements of this one fit in the other: all is the same but name and elements.
  package func hasShape(of other: SetDefinition) -> Bool {
    key == other.key && value == other.value && isInterval == other.isInterval && unknown == other.unknown
  }
}

/// A member of a set.
package struct SetElement: Hashable, Sendable {
  /// The key, or the first of its range: the fields one after the other, each padded with zeros to four bytes where
  /// there are several.
  package var key: [UInt8]
  /// The last key of the range; nil in a set without ranges.
  package var last: [UInt8]?
  /// nil in a set.
  package var value: Value?
  /// nil when there is none. Part of the element: to change it is to replace the element.
  package var comment: String?
  /// It has a timeout or expressions of its own, as no element of ours has.
  package var isUnknown: Bool

  package enum Value: Hashable, Sendable {
    case verdict(Verdict)
    case data([UInt8])
  }

  package init(
    key: [UInt8], last: [UInt8]? = nil, value: Value? = nil, comment: String? = nil, isUnknown: Bool = false
  ) {
    self.key = key
    self.last = last
    self.value = value
    self.comment = comment.map(fittingComment)
    self.isUnknown = isUnknown
  }

  /// Of the key alone: no two elements of a set have the same.
  package func hash(into hasher: inout Hasher) {
    unsafe key.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }

  /// A member of a set without ranges.
  package init(_ fields: Field..., to value: Value? = nil, comment: String? = nil) {
    self.init(key: Self.key(fields), value: value, comment: comment)
  }

  /// A member of a set with ranges.
  package init(from first: [Field], through last: [Field], to value: Value? = nil, comment: String? = nil) {
    self.init(key: Self.key(first), last: Self.key(last), value: value, comment: comment)
  }

  /// The fields one after the other, each padded with zeros to four bytes where there are several.
  package static func key(_ fields: [Field]) -> [UInt8] {
    guard fields.count > 1 else { return fields.first?.bytes ?? [] }
    var bytes: [UInt8] = []
    for field in fields {
      bytes += field.bytes
      while bytes.count % 4 != 0 { bytes.append(0) }
    }
    return bytes
  }
}

extension SetElement: Comparable {
  /// By key, so that what is sent and what is shown has an order.
  package static func < (a: SetElement, b: SetElement) -> Bool {
    // One look at each byte: ten thousand elements are put in order before they are sent.
    for (x, y) in zip(a.key, b.key) where x != y { return x < y }
    guard a.key.count == b.key.count else { return a.key.count < b.key.count }
    return (a.last ?? []).lexicographicallyPrecedes(b.last ?? [])
  }
}
