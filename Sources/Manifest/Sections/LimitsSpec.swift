package import Diagnostics
package import Network

/// What the host's cgroup allows a VM; nil: no limit.
package struct LimitsSpec: Equatable, Sendable {
  /// Per cent of one processor.
  package var cpuPercent: Located<Int>?
  package var memory: Located<ByteCount>?
  /// Per second, reading and writing each.
  package var io: Located<ByteCount>?
  package var location: SourceLocation
}
