import CMnl
package import Network

/// One address of a link as the kernel tells it.
package struct AddressMessage: Hashable, Sendable {
  package var linkIndex: Int32
  package var address: InterfaceAddress
  /// RT_SCOPE_LINK: the kernel made it by itself.
  package var isLinkLocal: Bool

  /// Reads RTM_NEWADDR; nil for another message and for an address of another family.
  package init?(_ message: RawSpan) { self.init(message, type: RTM_NEWADDR) }

  /// Reads a message of this type, which tells an address as RTM_NEWADDR does.
  init?(_ message: RawSpan, type: Int) {
    // struct ifaddrmsg: family, prefix length, flags, scope (8 bits each), index (32 bits).
    guard message.integer(UInt16.self, at: 4) == UInt16(type),
      let length = message.integer(UInt8.self, at: NetlinkHeader.length + 1),
      let scope = message.integer(UInt8.self, at: NetlinkHeader.length + 3),
      let index = message.integer(Int32.self, at: NetlinkHeader.length + 4)
    else { return nil }
    var local: IPAddress?
    var other: IPAddress?
    message.forEachAttribute(from: NetlinkHeader.length + 8) { type, value in
      switch Int(type) {
      case IFA_LOCAL: local = IPAddress(bytes: value.bytes())
      case IFA_ADDRESS: other = IPAddress(bytes: value.bytes())
      default: break
      }
    }
    // IFA_ADDRESS is the peer where there is one, and the only one for most of IPv6.
    guard let address = local ?? other, let full = InterfaceAddress(address, prefixLength: Int(length)) else {
      return nil
    }
    linkIndex = index
    self.address = full
    isLinkLocal = scope == UInt8(RT_SCOPE_LINK.rawValue)
  }
}
