/// Something that differs from what is desired and stays as it is until a person asks for more. Nothing is to be done
/// about it, so a plan that holds nothing else is empty.
package struct Pending: Hashable, Sendable {
  package var address: ResourceAddress
  package var cause: Cause
  /// For people; sorted by path.
  package var reasons: [Reason]

  /// Who says that it stays.
  package enum Cause: Hashable, Sendable {
    /// The manifest, until its replacement is asked for.
    case manifest
    /// A person shut it down.
    case isShutDown
    /// A person let it stand still.
    case isPaused
  }

  package init(_ address: ResourceAddress, _ reasons: [Reason], cause: Cause = .manifest) {
    self.address = address
    self.cause = cause
    self.reasons = reasons
  }
}
