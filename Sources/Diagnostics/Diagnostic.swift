/// One thing to tell about what was written.
package struct Diagnostic: Hashable, Sendable, Error {
  package var severity: Severity
  /// What is wrong, one line: no capital, no full stop.
  package var summary: String
  /// nil when it is about no place in particular.
  package var location: SourceLocation?
  /// What to do about it; nil when the summary says it all.
  package var remedy: String?
  /// Other places that have to do with it, such as where a name was first used.
  package var related: [Related]

  package enum Severity: String, Hashable, Sendable, CaseIterable {
    case error, warning, note
  }

  /// Another place and what is there.
  package struct Related: Hashable, Sendable {
    package var summary: String
    package var location: SourceLocation

    package init(_ summary: String, at location: SourceLocation) {
      self.summary = summary
      self.location = location
    }
  }

  package init(
    _ severity: Severity, _ summary: String, at location: SourceLocation? = nil, remedy: String? = nil,
    related: [Related] = []
  ) {
    self.severity = severity
    self.summary = summary
    self.location = location
    self.remedy = remedy
    self.related = related
  }
}
