import CMnl
package import Network

/// Messages that ask for and change the neighbours that the host answers for.
package enum NeighborRequest {
  /// Those of IPv6, on every link.
  static var proxied: NetlinkRequest {
    NetlinkRequest(type: UInt16(RTM_GETNEIGH), flags: 0, fixed: information(.v6, 0, state: 0))
  }

  /// The host answers on this link for the address.
  package static func answer(for address: IPAddress, on index: Int32) -> NetlinkRequest {
    let permanent = information(address.family, index, state: UInt16(NUD_PERMANENT))
    var request = NetlinkRequest(type: UInt16(RTM_NEWNEIGH), flags: NLM_F_CREATE | NLM_F_REPLACE, fixed: permanent)
    request.put(Int(NDA_DST), address.bytes)
    return request
  }

  package static func stopAnswering(for address: IPAddress, on index: Int32) -> NetlinkRequest {
    var request = NetlinkRequest(
      type: UInt16(RTM_DELNEIGH), flags: 0, fixed: information(address.family, index, state: 0))
    request.put(Int(NDA_DST), address.bytes)
    return request
  }

  /// `struct ndmsg` of a neighbour that is answered for.
  private static func information(_ family: IPAddress.Family, _ index: Int32, state: UInt16) -> [UInt8] {
    let place = unsafe withUnsafeBytes(of: index) { unsafe [UInt8]($0) }
    let condition = unsafe withUnsafeBytes(of: state) { unsafe [UInt8]($0) }
    return [family.number, 0, 0, 0] + place + condition + [UInt8(NTF_PROXY), 0]
  }
}

/// A neighbour that the host answers for.
struct NeighborMessage: Hashable, Sendable {
  var linkIndex: Int32
  var address: IPAddress

  /// Reads RTM_NEWNEIGH; nil for another message and for a neighbour that is only known.
  init?(_ message: RawSpan) {
    // struct ndmsg: family (8 bits), padding (24), index (32), state (16), flags (8), type (8).
    guard message.integer(UInt16.self, at: 4) == UInt16(RTM_NEWNEIGH),
      let index = message.integer(Int32.self, at: NetlinkHeader.length + 4),
      let flags = message.integer(UInt8.self, at: NetlinkHeader.length + 10), flags & UInt8(NTF_PROXY) != 0
    else { return nil }
    var address: IPAddress?
    message.forEachAttribute(from: NetlinkHeader.length + 12) { type, value in
      if Int(type) == Int(NDA_DST) { address = IPAddress(bytes: value.bytes()) }
    }
    guard let address else { return nil }
    linkIndex = index
    self.address = address
  }
}
