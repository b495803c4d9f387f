package import Diagnostics

/// A part of a YAML document that knows where it was written. Aliases are replaced by what they stand for, and then have the
/// place of their anchor; merge keys are merged.
package struct YAMLNode: Sendable {
  package let content: Content
  package let location: SourceLocation

  package enum Content: Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    case mapping(YAMLMapping)
  }

  package init(_ content: Content, at location: SourceLocation) {
    self.content = content
    self.location = location
  }

  package var scalar: YAMLScalar? { if case .scalar(let scalar) = content { scalar } else { nil } }
  package var sequence: [YAMLNode]? { if case .sequence(let nodes) = content { nodes } else { nil } }
  package var mapping: YAMLMapping? { if case .mapping(let mapping) = content { mapping } else { nil } }

  /// Nothing, `~` or `null`, unquoted.
  package var isNull: Bool { scalar?.isNull ?? false }
}

/// A scalar as it was written; what type it has is for the reader to say.
package struct YAMLScalar: Hashable, Sendable {
  package let text: String
  /// Plain, without quotes, and not tagged `!!str`: may be read as a number, a truth value or nothing.
  package let isPlain: Bool

  package init(_ text: String, isPlain: Bool) {
    self.text = text
    self.isPlain = isPlain
  }

  package var isNull: Bool { isPlain && ["", "~", "null", "Null", "NULL"].contains(text) }
}

/// Keys and values in the order in which they were written, what was merged last. Every key is a scalar and there once.
package struct YAMLMapping: Sendable {
  package let entries: [Entry]

  package struct Entry: Sendable {
    package let key: String
    package let keyLocation: SourceLocation
    package let value: YAMLNode

    package init(key: String, keyLocation: SourceLocation, value: YAMLNode) {
      self.key = key
      self.keyLocation = keyLocation
      self.value = value
    }
  }

  package init(_ entries: [Entry]) { self.entries = entries }

  package subscript(key: String) -> Entry? { entries.first { $0.key == key } }
}
