package import Diagnostics
package import Network

/// An assertion about what passes, proven at plan time.
package struct ExpectSpec: Equatable, Sendable {
  package var from: Located<Endpoint>
  package var to: Located<Endpoint>
  /// nil: every protocol and port.
  package var port: Located<PortRange>?
  package var verdict: Verdict
  package var location: SourceLocation

  package enum Verdict: String, CaseIterable, Sendable {
    /// All of that class passes.
    case allow
    /// No packet of that class passes.
    case deny
  }
}
