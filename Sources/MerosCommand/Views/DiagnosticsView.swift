package import Diagnostics
package import QMP

/// What is wrong with what was written, as compilers show it: each with its place, the line, and what to do.
package struct DiagnosticsView {
  private let diagnostics: Diagnostics

  package init(_ diagnostics: Diagnostics) { self.diagnostics = diagnostics }

  /// For people, an empty line between two; empty when there are none.
  package func text(_ paint: Paint) -> String {
    diagnostics.all.map { Self.text($0, paint) }.joined(separator: "\n")
  }

  /// For programs: a list of objects. A member is null where nothing is known.
  package var value: JSON { .array(diagnostics.all.map(Self.value)) }

  static func text(_ diagnostic: Diagnostic, _ paint: Paint) -> String {
    let severity = paint(diagnostic.severity.rawValue, diagnostic.severity.ink)
    var text = "\(severity): \(paint(diagnostic.summary.hidingPasswords.printable, .bold))\n"
    if let location = diagnostic.location { text += place(location, paint, diagnostic.severity.ink) }
    for related in diagnostic.related {
      text +=
        "  note: \(related.summary.hidingPasswords.printable)\n"
        + place(related.location, paint, Diagnostic.Severity.note.ink)
    }
    if let remedy = diagnostic.remedy { text += "  \(paint("do", .bold)): \(remedy.hidingPasswords.printable)\n" }
    return text
  }

  /// The place, and its line with the part that is meant marked.
  static func place(_ location: SourceLocation, _ paint: Paint, _ ink: Paint.Ink) -> String {
    let heading = "  \("\(location)".printable)\n"
    guard let snippet = Snippet(location) else { return heading }
    let number = "\(location.line)"
    let margin = String(repeating: " ", count: number.count)
    let marks = paint(String(repeating: "^", count: snippet.width), ink)
    return heading + "    \(paint("\(number) |", .faint)) \(snippet.text)\n"
      + "    \(paint("\(margin) |", .faint)) \(String(repeating: " ", count: snippet.indent))\(marks)\n"
  }

  private static func value(_ diagnostic: Diagnostic) -> JSON {
    var members = place(diagnostic.location)
    members["severity"] = .string(diagnostic.severity.rawValue)
    members["summary"] = .string(diagnostic.summary.hidingPasswords)
    members["detail"] = diagnostic.remedy.map { .string($0.hidingPasswords) } ?? .null
    members["related"] = .array(
      diagnostic.related.map { related in
        .object(
          place(related.location).merging(["summary": .string(related.summary.hidingPasswords)]) { own, _ in own })
      })
    return .object(members)
  }

  private static func place(_ location: SourceLocation?) -> [String: JSON] {
    guard let location else { return ["file": .null, "line": .null, "column": .null, "snippet": .null] }
    return [
      "file": .string(location.file), "line": .integer(Int64(location.line)),
      "column": .integer(Int64(location.column)),
      "snippet": location.lineText.map { .string($0.maskingPasswords) } ?? .null,
    ]
  }
}

extension Diagnostic.Severity {
  fileprivate var ink: Paint.Ink {
    switch self {
    case .error: .bad
    case .warning: .careful
    case .note: .faint
    }
  }
}

/// As much of a line as fits, and which part of it is meant, in columns.
private struct Snippet {
  let text: String
  let indent: Int
  let width: Int

  /// nil where the line is not at hand, or empty.
  init?(_ location: SourceLocation) {
    guard let line = location.lineText else { return nil }
    let scalars = line.maskingPasswords.unicodeScalars.map(\.printable)
    let longest = 100
    let column = min(max(location.column - 1, 0), scalars.count)
    let start = column < longest - 20 || scalars.count <= longest ? 0 : column - 20
    let end = min(scalars.count, start + longest)
    let shown = String(String.UnicodeScalarView(scalars[start..<end]))
    text = (start > 0 ? "…" : "") + shown + (end < scalars.count ? "…" : "")
    guard !shown.isEmpty else { return nil }
    indent = column - start + (start > 0 ? 1 : 0)
    width = max(1, min(location.width, end - column))
  }
}
