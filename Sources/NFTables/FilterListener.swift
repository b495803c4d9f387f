import CNftnl
package import Netlink
package import Network

/// What the kernel tells of tables to whoever listens.
package enum FilterNotice: Equatable, Sendable {
  /// Something in the table came, changed or went, or the table itself.
  case touched(TableIdentity)
  /// A transaction is complete: all that was told since the last one belongs to it. Who made it; 0 and "" where the kernel
  /// does not say.
  case committed(pid: Int32, program: String)

  /// nil for another message.
  init?(_ header: NetlinkHeader, _ message: RawSpan) {
    guard header.type >> 8 == UInt16(NFNL_SUBSYS_NFTABLES) else { return nil }
    // struct nfgenmsg: family (8 bits), version, number (16 bits).
    let start = NetlinkHeader.length + 4
    if UInt32(header.type & 0xff) == NFT_MSG_NEWGEN.rawValue {
      var (pid, program) = (UInt32(0), "")
      message.forEachAttribute(from: start) { type, value in
        switch UInt32(type) {
        case NFTA_GEN_PROC_PID.rawValue: pid = value.bigEndian() ?? 0
        case NFTA_GEN_PROC_NAME.rawValue: program = value.text
        default: break
        }
      }
      self = .committed(pid: Int32(bitPattern: pid), program: program)
      return
    }
    guard let family = message.integer(UInt8.self, at: NetlinkHeader.length).flatMap(TableFamily.init(number:)) else {
      return nil
    }
    // Whatever the object: its first attribute is the name of its table.
    var table: String?
    message.forEachAttribute(from: start) { type, value in
      if type == UInt16(NFTA_TABLE_NAME.rawValue) { table = value.text }
    }
    guard let table else { return nil }
    self = .touched(TableIdentity(family, table))
  }
}

/// Hears what becomes of tables in one network namespace.
package struct FilterListener: ~Copyable {
  private var socket: NetlinkSocket

  package static func open(in namespace: NetworkNamespace = .current) throws(NetlinkError) -> FilterListener {
    let socket = try NetlinkSocket.open(.netfilter, in: namespace)
    try socket.join(UInt32(NFNLGRP_NFTABLES.rawValue))
    return FilterListener(socket: socket)
  }

  private init(socket: consuming NetlinkSocket) { self.socket = socket }

  /// For waiting.
  package var descriptor: Int32 { socket.descriptor }

  /// What was told since the last time. ENOBUFS is thrown when there was more than there was room for.
  package mutating func notices() throws(NetlinkError) -> [FilterNotice] {
    var notices: [FilterNotice] = []
    while let datagram = try socket.receive() {
      datagram.forEach { header, message in
        if let notice = FilterNotice(header, message) { notices.append(notice) }
      }
    }
    return notices
  }

  /// Throws away what waits.
  package mutating func discard() { socket.discard() }
}
