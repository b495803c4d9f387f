import CMnl
package import Network

/// One route of the main table as the kernel tells it.
package struct RouteMessage: Hashable, Sendable {
  package var destination: IPPrefix
  /// nil where the route names no link (blackhole, multipath).
  package var linkIndex: Int32?
  /// It came with a router advertisement (RTPROT_RA).
  package var isAdvertised: Bool

  /// Reads RTM_NEWROUTE; nil for another message and for a route of another table or family.
  package init?(_ message: RawSpan) {
    // struct rtmsg, 8 bits each: family, lengths of destination and source, tos, table, protocol, scope, type; flags.
    guard message.integer(UInt16.self, at: 4) == UInt16(RTM_NEWROUTE),
      let number = message.integer(UInt8.self, at: NetlinkHeader.length),
      let family = Self.family(number),
      let length = message.integer(UInt8.self, at: NetlinkHeader.length + 1),
      let shortTable = message.integer(UInt8.self, at: NetlinkHeader.length + 4),
      let origin = message.integer(UInt8.self, at: NetlinkHeader.length + 5)
    else { return nil }
    var table = UInt32(shortTable)
    var address = IPAddress(family, value: 0)
    var index: Int32?
    message.forEachAttribute(from: NetlinkHeader.length + 12) { type, value in
      switch UInt32(type) {
      case RTA_TABLE.rawValue: table = value.integer(UInt32.self, at: 0) ?? table
      case RTA_DST.rawValue: address = IPAddress(bytes: value.bytes()) ?? address
      case RTA_OIF.rawValue: index = value.integer(Int32.self, at: 0)
      default: break
      }
    }
    guard table == RT_TABLE_MAIN.rawValue, let prefix = IPPrefix(address, length: Int(length)) else { return nil }
    destination = prefix
    linkIndex = index
    isAdvertised = origin == UInt8(RTPROT_RA)
  }

  private static func family(_ number: UInt8) -> IPAddress.Family? {
    IPAddress.Family.allCases.first { $0.number == number }
  }
}

extension IPAddress.Family {
  /// AF_INET or AF_INET6.
  var number: UInt8 { self == .v4 ? 2 : 10 }
}
