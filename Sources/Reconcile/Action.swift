package import Host

/// One idempotent deed, held as a value; its description is in the imperative: "create bridge lab-lan".
package protocol Action: Equatable, Sendable, CustomStringConvertible {
  func perform(on host: Host) async throws(HostError)
}

extension Action {
  /// Equality between actions whose types are not known to be the same.
  package func isEqual(to other: any Action) -> Bool {
    (other as? Self) == self
  }
}
