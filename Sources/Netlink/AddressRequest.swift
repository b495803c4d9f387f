import CMnl
package import Network

/// Messages that ask for addresses of links and change them.
package enum AddressRequest {
  static var all: NetlinkRequest { of(0) }

  /// The addresses of one link; of every link where the index is 0.
  static func of(_ index: Int32) -> NetlinkRequest {
    NetlinkRequest(type: UInt16(RTM_GETADDR), flags: 0, fixed: information(family: 0, length: 0, index))
  }

  /// Adds the address; one of IPv6 is usable at once, without asking the neighbours whether they have it.
  package static func add(_ address: InterfaceAddress, to index: Int32) -> NetlinkRequest {
    var request = message(UInt16(RTM_NEWADDR), NLM_F_CREATE | NLM_F_REPLACE, address, index)
    if address.address.family == .v6 { request.put(IFA_FLAGS, UInt32(IFA_F_NODAD)) }
    return request
  }

  package static func delete(_ address: InterfaceAddress, from index: Int32) -> NetlinkRequest {
    message(UInt16(RTM_DELADDR), 0, address, index)
  }

  private static func message(
    _ type: UInt16, _ flags: Int32, _ address: InterfaceAddress, _ index: Int32
  ) -> NetlinkRequest {
    let fixed = information(
      family: address.address.family.number, length: UInt8(clamping: address.prefixLength), index)
    var request = NetlinkRequest(type: type, flags: flags, fixed: fixed)
    request.put(IFA_LOCAL, address.address.bytes)
    request.put(IFA_ADDRESS, address.address.bytes)
    return request
  }

  /// `struct ifaddrmsg`.
  private static func information(family: UInt8, length: UInt8, _ index: Int32) -> [UInt8] {
    unsafe withUnsafeBytes(of: index) { unsafe [family, length, 0, 0] + Array($0) }
  }
}

/// Messages that ask for routes.
enum RouteRequest {
  /// The main table of a family.
  static func main(_ family: IPAddress.Family) -> NetlinkRequest {
    // struct rtmsg; the socket checks strictly, so the kernel leaves out other tables.
    var fixed = [UInt8](repeating: 0, count: 12)
    fixed[0] = family.number
    var request = NetlinkRequest(type: UInt16(RTM_GETROUTE), flags: 0, fixed: fixed)
    request.put(Int(RTA_TABLE.rawValue), UInt32(RT_TABLE_MAIN.rawValue))
    return request
  }
}
