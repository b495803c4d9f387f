import Glibc
package import Host
import Netlink
import Network

extension LinuxSockets {
  package func connections() async throws(HostError) -> [TrackedConnection] {
    try LinuxLinks.attempt("list connections") { () throws(NetlinkError) in
      var socket = try NetlinkSocket.open(.netfilter, in: namespace)
      do throws(NetlinkError) {
        return try socket.dump(ConnectionMessage.all) { ConnectionMessage.decode($0) }
      } catch {
        // A kernel whose conntrack is not there has no such subsystem.
        guard [EINVAL, ENOENT, EOPNOTSUPP].contains(error.code) else { throw error }
        return []
      }
    }
  }

  package func forget(_ connections: [TrackedConnection]) async throws(HostError) {
    guard !connections.isEmpty else { return }
    try LinuxLinks.attempt("end \(connections.count) connections") { () throws(NetlinkError) in
      var socket = try NetlinkSocket.open(.netfilter, in: namespace)
      for refusal in try socket.perform(connections.map(ConnectionMessage.removal)).values {
        // It ended meanwhile, and perhaps another one has begun.
        guard refusal.code != ENOENT else { continue }
        throw refusal
      }
    }
  }
}

/// Messages of ctnetlink. The numbers are those of <linux/netfilter/nfnetlink_conntrack.h>.
private enum ConnectionMessage {
  private static let new: UInt16 = 1 << 8
  private static let get: UInt16 = 1 << 8 | 1
  private static let delete: UInt16 = 1 << 8 | 2
  private static let original = 1
  private static let reply = 2
  private static let identity = 12

  /// struct nfgenmsg: family, version, resource (16 bits).
  static var all: NetlinkRequest { NetlinkRequest(type: get, flags: 0, fixed: [0, 0, 0, 0]) }

  static func removal(of connection: TrackedConnection) -> NetlinkRequest {
    let family: UInt8 = connection.original.source.family == .v4 ? UInt8(AF_INET) : UInt8(AF_INET6)
    var request = NetlinkRequest(type: delete, flags: 0, fixed: [family, 0, 0, 0])
    // NLA_F_NESTED.
    request.put(original | 0x8000, connection.tuple)
    request.put(identity, connection.id.bigEndian)
    return request
  }

  static func decode(_ message: RawSpan) -> TrackedConnection? {
    guard message.integer(UInt16.self, at: 4) == new else { return nil }
    var sent: TrackedConnection.Direction?
    var answered: TrackedConnection.Direction?
    var id: UInt32?
    var tuple: [UInt8] = []
    message.forEachAttribute(from: NetlinkHeader.length + 4) { type, value in
      switch Int(type) {
      case original:
        sent = direction(value)
        tuple = value.bytes()
      case reply: answered = direction(value)
      case identity: id = value.integer(UInt32.self, at: 0).map { UInt32(bigEndian: $0) }
      default: break
      }
    }
    guard let sent, let answered, let id else { return nil }
    return TrackedConnection(original: sent, reply: answered, id: id, tuple: tuple)
  }

  private static func direction(_ tuple: RawSpan) -> TrackedConnection.Direction? {
    var source: IPAddress?
    var destination: IPAddress?
    var numbers: [Int: [UInt8]] = [:]
    tuple.forEachAttribute(from: 0) { type, value in
      value.forEachAttribute(from: 0) { inner, value in
        switch (Int(type), Int(inner)) {
        // CTA_IP_V4_SRC, CTA_IP_V6_SRC, then the destinations.
        case (1, 1), (1, 3): source = IPAddress(bytes: value.bytes())
        case (1, 2), (1, 4): destination = IPAddress(bytes: value.bytes())
        case (2, let number): numbers[number] = value.bytes()
        default: break
        }
      }
    }
    guard let source, let destination, let transport = numbers[1]?.first else { return nil }
    func port(_ number: Int) -> UInt16 { numbers[number].map { $0.reduce(0) { $0 << 8 | UInt16($1) } } ?? 0 }
    // CTA_PROTO_ICMP_TYPE, CTA_PROTO_ICMPV6_TYPE.
    return TrackedConnection.Direction(
      from: source, port(2), to: destination, port(3), transport: transport,
      messageType: (numbers[5] ?? numbers[8])?.first)
  }
}
