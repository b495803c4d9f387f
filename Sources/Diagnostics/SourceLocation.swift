/// A place in a file: some characters of one line.
package struct SourceLocation: Sendable {
  /// The text that the place is in; nil where only the file's name is known.
  package let text: SourceText?
  package let file: String
  /// Counted from 1.
  package let line: Int
  /// Counted from 1, in Unicode scalars.
  package let column: Int
  /// How many columns the place is wide, at least 1.
  package let width: Int

  /// A place whose line can be shown.
  package init(in text: SourceText, line: Int, column: Int, width: Int = 1) {
    self.text = text
    self.file = text.name
    self.line = line
    self.column = column
    self.width = max(1, width)
  }

  /// A place whose line cannot be shown.
  package init(file: String, line: Int, column: Int, width: Int = 1) {
    self.text = nil
    self.file = file
    self.line = line
    self.column = column
    self.width = max(1, width)
  }

  /// The text of the line; nil when it is not at hand.
  package var lineText: String? { text?.line(line) }
}

/// By file, line, column and width: two readings of one file have equal places.
extension SourceLocation: Hashable, Comparable {
  private var key: (String, Int, Int, Int) { (file, line, column, width) }

  package static func == (a: Self, b: Self) -> Bool { a.key == b.key }
  package static func < (a: Self, b: Self) -> Bool { a.key < b.key }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(file)
    hasher.combine(line)
    hasher.combine(column)
    hasher.combine(width)
  }
}

extension SourceLocation: CustomStringConvertible {
  /// `file:line:column`
  package var description: String { "\(file):\(line):\(column)" }
}
