package import Network

/// Interfaces, addresses and routes of the network namespace.
package protocol Links: Sendable {
  /// Every link, ours and others'.
  func links() async throws(HostError) -> [Link]
  /// Every route of the main table, both families.
  func routes() async throws(HostError) -> [Route]
  /// Makes the bridge what the design says: created with its group, then marked, or changed where it differs.
  /// A link of that name with another group is refused with `notOurs`.
  func ensureBridge(_ design: BridgeDesign) async throws(HostError)
  /// The same for a tap. When it was gone under a running QEMU, QEMU's own descriptor is attached to it again.
  func ensureTap(_ design: TapDesign) async throws(HostError)
  /// Deletes the link if it is there and has this group.
  func removeLink(_ name: LinkName, group: UInt32) async throws(HostError)
}

/// Whether the kernel forwards packets between interfaces of the namespace.
package protocol Forwarding: Sendable {
  func state() async throws(HostError) -> ForwardingState
  /// Writes only what differs.
  func set(_ state: ForwardingState) async throws(HostError)
}

/// `net.ipv4.ip_forward` and `net.ipv6.conf.all.forwarding`.
package struct ForwardingState: Hashable, Sendable {
  package var ipv4: Bool
  package var ipv6: Bool

  package init(ipv4: Bool, ipv6: Bool) {
    self.ipv4 = ipv4
    self.ipv6 = ipv6
  }
}
