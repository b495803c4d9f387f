import CMnl
import Glibc

/// A netlink socket. It never waits: the kernel answers a request before `send` returns.
@safe package struct NetlinkSocket: ~Copyable {
  private let socket: OpaquePointer
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var lastSequence: UInt32 = 0
  /// SO_SNDBUF, in bytes.
  private var sendRoom: Int32 = 0

  package enum Bus: Sendable {
    /// NETLINK_ROUTE: links, addresses, routes.
    case route
    /// NETLINK_NETFILTER: nftables, connection tracking.
    case netfilter
  }

  private init(socket: OpaquePointer) { unsafe self.socket = unsafe socket }

  deinit { _ = unsafe mnl_socket_close(socket) }

  /// Opens a socket in the namespace; errors come with the kernel's reason and without the request's bytes.
  ///
  /// The corresponding C function is `mnl_socket_open2`.
  package static func open(
    _ bus: Bus, in namespace: NetworkNamespace = .current
  ) throws(NetlinkError) -> NetlinkSocket {
    var result = try namespace.run { () throws(NetlinkError) -> NetlinkSocket in
      let number = bus == .route ? NETLINK_ROUTE : NETLINK_NETFILTER
      let flags = Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
      guard let socket = unsafe mnl_socket_open2(number, flags) else {
        throw NetlinkError(errno: errno, call: "socket")
      }
      return unsafe NetlinkSocket(socket: socket)
    }
    guard unsafe mnl_socket_bind(result.socket, 0, MNL_SOCKET_AUTOPID) == 0 else {
      throw NetlinkError(errno: errno, call: "bind")
    }
    try result.set(NETLINK_EXT_ACK, level: SOL_NETLINK)
    try result.set(NETLINK_CAP_ACK, level: SOL_NETLINK)
    if bus == .route { try result.set(NETLINK_GET_STRICT_CHK, level: SOL_NETLINK) }
    // Outside the first user namespace only the smaller, unforced buffers are to be had.
    let room: Int32 = 1 << 22
    if (try? result.set(SO_RCVBUFFORCE, room)) == nil { try result.set(SO_RCVBUF, room) }
    try result.makeSendRoom(1 << 16)
    return result
  }

  /// The address of this socket, for comparing with what the kernel notifies.
  package var portID: UInt32 { unsafe mnl_socket_get_portid(socket) }

  /// For waiting; it becomes readable when a datagram waits or when some were lost.
  package var descriptor: Int32 { unsafe mnl_socket_get_fd(socket) }

  /// From now on the socket is told what the group is told.
  package func join(_ group: UInt32) throws(NetlinkError) {
    try set(NETLINK_ADD_MEMBERSHIP, Int32(bitPattern: group), level: SOL_NETLINK)
  }

  /// A sequence number that this socket has not used; never 0, which the kernel's own messages carry.
  package mutating func nextSequence() -> UInt32 {
    lastSequence = lastSequence == .max ? 1 : lastSequence + 1
    return lastSequence
  }

  /// Sends one datagram with one or more whole messages.
  ///
  /// The corresponding C function is `mnl_socket_sendto`.
  package mutating func send(_ bytes: RawSpan) throws(NetlinkError) {
    // The kernel wants room for its own bookkeeping too; short of it the answer is EMSGSIZE.
    if bytes.byteCount + 1024 > Int(sendRoom) { try makeSendRoom(Int32(clamping: bytes.byteCount + 1024)) }
    let sent = unsafe bytes.withUnsafeBytes { unsafe mnl_socket_sendto(socket, $0.baseAddress, $0.count) }
    guard sent == bytes.byteCount else { throw NetlinkError(errno: errno, call: "sendto") }
  }

  /// The next datagram that waits; nil when none does. ENOBUFS says that some were lost.
  ///
  /// The corresponding C function is `mnl_socket_recvfrom`.
  package mutating func receive() throws(NetlinkError) -> NetlinkDatagram? {
    let count = unsafe buffer.withUnsafeMutableBytes { [socket = unsafe socket] bytes in
      unsafe mnl_socket_recvfrom(socket, bytes.baseAddress, bytes.count)
    }
    if count < 0 {
      guard errno == EAGAIN else { throw NetlinkError(errno: errno, call: "recvfrom") }
      return nil
    }
    return NetlinkDatagram(bytes: Array(buffer[..<count]))
  }

  /// Throws away what waits. Once something was lost the kernel tells nothing more, and not that either, until all is
  /// read.
  package mutating func discard() {
    while true {
      do throws(NetlinkError) {
        if try receive() == nil { return }
      } catch {
        guard error.code == ENOBUFS else { return }
      }
    }
  }

  private mutating func makeSendRoom(_ bytes: Int32) throws(NetlinkError) {
    if (try? set(SO_SNDBUFFORCE, bytes)) == nil { try set(SO_SNDBUF, bytes) }
    var length = socklen_t(MemoryLayout<Int32>.size)
    let descriptor = unsafe mnl_socket_get_fd(socket)
    guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &sendRoom, &length) == 0 else {
      throw NetlinkError(errno: errno, call: "getsockopt")
    }
  }

  private func set(_ option: Int32, _ value: Int32 = 1, level: Int32 = SOL_SOCKET) throws(NetlinkError) {
    var value = value
    let descriptor = unsafe mnl_socket_get_fd(socket)
    guard unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
      throw NetlinkError(errno: errno, call: "setsockopt")
    }
  }
}
