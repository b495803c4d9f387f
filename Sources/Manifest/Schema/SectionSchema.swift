/// A mapping of the manifest with the keys that it may have: manifests are read by it, and `meros schema` prints it.
package struct SectionSchema: Sendable {
  /// What it is, with its article: "a bridge". Different sections have different nouns.
  package let noun: String
  /// In the order in which people write them.
  package let keys: [Key]

  package init(_ noun: String, _ keys: [Key]) {
    self.noun = noun
    self.keys = keys
  }

  /// One key of it.
  package struct Key: Sendable {
    package let name: String
    package let shape: Shape
    /// What it means, for people, in Markdown.
    package let description: String
    package let isRequired: Bool

    package init(_ name: String, _ shape: Shape, isRequired: Bool = false, _ description: String) {
      self.name = name
      self.shape = shape
      self.description = description
      self.isRequired = isRequired
    }
  }

  /// What the value of a key may look like. Forms of texts are left to the reader of manifests, which says more about
  /// them than a pattern could.
  package indirect enum Shape: Sendable {
    /// A text, with examples.
    case text(like: [String])
    /// A text that YAML may take for a number: `memory: 512`, `release: 3.20`.
    case textOrNumber(like: [String])
    case number(ClosedRange<Int>)
    case boolean
    case word([String])
    case list(Shape)
    /// A mapping from names that people choose.
    case named(Shape)
    case section(SectionSchema)
    case any([Shape])
  }
}

extension SectionSchema.Shape {
  static func text(_ examples: String...) -> Self { .text(like: examples) }
  static func textOrNumber(_ examples: String...) -> Self { .textOrNumber(like: examples) }
  static func either(_ shapes: Self...) -> Self { .any(shapes) }

  /// The words of an enumeration.
  static func words<Word: RawRepresentable & CaseIterable>(_: Word.Type) -> Self where Word.RawValue == String {
    .word(Word.allCases.map(\.rawValue))
  }

  /// One, or a list of them.
  static func oneOrMore(_ shape: Self) -> Self { .any([shape, .list(shape)]) }
}
