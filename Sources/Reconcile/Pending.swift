/// Something that differs from what is desired and stays as it is until a person asks for its replacement. Nothing is to
/// be done about it, so a plan that holds nothing else is empty.
package struct Pending: Hashable, Sendable {
  package var address: ResourceAddress
  /// For people; sorted by path.
  package var reasons: [Reason]

  package init(_ address: ResourceAddress, _ reasons: [Reason]) {
    self.address = address
    self.reasons = reasons
  }
}
