/// A place in a file: some characters of one line. Small, since every value of a manifest has one.
package struct SourceLocation: Sendable {
  /// The text that the place is in.
  package let text: SourceText
  private let storedLine: UInt32
  private let storedColumn: UInt32
  private let storedWidth: UInt32

  package init(in text: SourceText, line: Int, column: Int, width: Int = 1) {
    self.text = text
    storedLine = UInt32(clamping: line)
    storedColumn = UInt32(clamping: column)
    storedWidth = UInt32(clamping: max(1, width))
  }

  /// A place whose line cannot be shown.
  package init(file: String, line: Int, column: Int, width: Int = 1) {
    self.init(in: SourceText(name: file, bytes: []), line: line, column: column, width: width)
  }

  /// How a person would name the file.
  package var file: String { text.name }
  /// Counted from 1.
  package var line: Int { Int(storedLine) }
  /// Counted from 1, in Unicode scalars.
  package var column: Int { Int(storedColumn) }
  /// How many columns the place is wide, at least 1.
  package var width: Int { Int(storedWidth) }

  /// The text of the line; nil when it is not at hand.
  package var lineText: String? { text.bytes.isEmpty ? nil : text.line(line) }
}

/// By file, line, column and width: two readings of one file have equal places.
extension SourceLocation: Hashable, Comparable {
  private var numbers: (UInt32, UInt32, UInt32) { (storedLine, storedColumn, storedWidth) }

  package static func == (a: Self, b: Self) -> Bool {
    a.numbers == b.numbers && (a.text === b.text || a.file == b.file)
  }

  package static func < (a: Self, b: Self) -> Bool {
    a.text === b.text || a.file == b.file ? a.numbers < b.numbers : a.file < b.file
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(file)
    hasher.combine(storedLine)
    hasher.combine(storedColumn)
    hasher.combine(storedWidth)
  }
}

extension SourceLocation: CustomStringConvertible {
  /// `file:line:column`
  package var description: String { "\(file):\(line):\(column)" }
}
