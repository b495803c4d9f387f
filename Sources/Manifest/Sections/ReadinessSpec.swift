package import Diagnostics

/// When a VM counts as ready.
package struct ReadinessSpec: Equatable, Sendable {
  package var probe: Probe
  /// nil: nobody wrote one.
  package var timeout: Located<Duration>?
  package var location: SourceLocation

  package enum Probe: Equatable, Sendable {
    /// Its ssh server answers with the VM's own key.
    case ssh
    /// This text stands in its serial log.
    case console(Located<String>)
    case tcp(Located<UInt16>)
    /// As soon as it runs. Also what a VM without an address has where nobody wrote anything, and one that boots its own
    /// disk, which may have no ssh server.
    case none
  }
}
