/// All that was found in one run, each once, in the order of the places in the files. Thrown when it has errors.
package struct Diagnostics: Sendable, Equatable, Error {
  private var known: Set<Diagnostic> = []
  private var found: [Diagnostic] = []
  package private(set) var hasErrors = false

  package init() {}

  package init(_ diagnostics: some Sequence<Diagnostic>) {
    for diagnostic in diagnostics { append(diagnostic) }
  }

  package init(_ diagnostic: Diagnostic) { append(diagnostic) }

  package var isEmpty: Bool { found.isEmpty }
  package var count: Int { found.count }
  package var errorCount: Int { found.count { $0.severity == .error } }

  /// Those without a place first, then by place; at one place in the order in which they were found.
  package var all: [Diagnostic] {
    let ordered = found.enumerated().sorted { a, b in
      switch (a.element.location, b.element.location) {
      case (let one?, let other?) where one != other: one < other
      case (nil, .some): true
      case (.some, nil): false
      default: a.offset < b.offset
      }
    }
    return ordered.map(\.element)
  }

  /// A diagnostic that is there already is not added again: one value may be read many times (defaults, anchors).
  package mutating func append(_ diagnostic: Diagnostic) {
    guard known.insert(diagnostic).inserted else { return }
    found.append(diagnostic)
    if diagnostic.severity == .error { hasErrors = true }
  }

  package mutating func append(contentsOf others: Diagnostics) {
    for diagnostic in others.found { append(diagnostic) }
  }

  package mutating func error(
    _ summary: String, at location: SourceLocation?, remedy: String? = nil, related: [Diagnostic.Related] = []
  ) {
    append(Diagnostic(.error, summary, at: location, remedy: remedy, related: related))
  }

  package mutating func warning(
    _ summary: String, at location: SourceLocation?, remedy: String? = nil, related: [Diagnostic.Related] = []
  ) {
    append(Diagnostic(.warning, summary, at: location, remedy: remedy, related: related))
  }

  /// Throws itself when there are errors in it.
  package func throwIfErrors() throws(Diagnostics) {
    if hasErrors { throw self }
  }

  package static func == (a: Self, b: Self) -> Bool { a.all == b.all }
}
