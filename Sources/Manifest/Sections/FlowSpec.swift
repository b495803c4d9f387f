package import Diagnostics
package import Network

/// Who may start a connection to whom, besides what the policies give.
package struct FlowSpec: Equatable, Sendable {
  package var from: Located<Endpoint>
  package var to: Located<Endpoint>
  /// Empty: every protocol and port.
  package var ports: [Located<PortRange>]
  package var location: SourceLocation
}
