import CMnl

/// What the kernel tells of links to whoever listens.
package enum LinkNotice: Sendable {
  /// A link came, or something of it changed: all that it is now.
  case link(LinkMessage)
  /// What it was.
  case linkGone(LinkMessage)
  case address(AddressMessage)
  case addressGone(AddressMessage)

  /// nil for another message.
  package init?(_ message: RawSpan) {
    // Bridges tell of their ports besides, in a family of their own.
    let isGeneral = message.integer(UInt8.self, at: NetlinkHeader.length) == 0
    if isGeneral, let link = LinkMessage(message) {
      self = .link(link)
    } else if isGeneral, let link = LinkMessage(message, type: RTM_DELLINK) {
      self = .linkGone(link)
    } else if let address = AddressMessage(message) {
      self = .address(address)
    } else if let address = AddressMessage(message, type: RTM_DELADDR) {
      self = .addressGone(address)
    } else {
      return nil
    }
  }
}

/// Hears what becomes of links and addresses in one network namespace.
package struct LinkListener: ~Copyable {
  private var socket: NetlinkSocket

  package static func open(in namespace: NetworkNamespace = .current) throws(NetlinkError) -> LinkListener {
    let socket = try NetlinkSocket.open(.route, in: namespace)
    for group in [RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR] { try socket.join(group.rawValue) }
    return LinkListener(socket: socket)
  }

  private init(socket: consuming NetlinkSocket) { self.socket = socket }

  /// For waiting.
  package var descriptor: Int32 { socket.descriptor }

  /// What was told since the last time. ENOBUFS is thrown when there was more than there was room for.
  package mutating func notices() throws(NetlinkError) -> [LinkNotice] {
    var notices: [LinkNotice] = []
    while let datagram = try socket.receive() {
      datagram.forEach { _, message in
        if let notice = LinkNotice(message) { notices.append(notice) }
      }
    }
    return notices
  }

  /// Throws away what waits.
  package mutating func discard() { socket.discard() }
}
