import CLinux
import Glibc
package import Network

/// An open descriptor of /dev/net/tun that is attached to a tap: whoever reads it is the station at the other end.
package struct TapDescriptor: ~Copyable {
  package let descriptor: Int32

  /// Takes over an open descriptor of /dev/net/tun.
  package init(owning descriptor: Int32) { self.descriptor = descriptor }

  deinit { _ = close(descriptor) }

  /// Attaches to the tap of this name in the namespace and makes it when it is missing. Packets carry a header of
  /// virtio-net, none of tun. EBUSY: somebody else is attached to it.
  ///
  /// The corresponding ioctl is `TUNSETIFF`.
  package static func open(
    _ name: LinkName, in namespace: NetworkNamespace = .current
  ) throws(NetlinkError) -> TapDescriptor {
    // A descriptor belongs for ever to the namespace in which it was opened.
    let descriptor = try namespace.run { () throws(NetlinkError) -> Int32 in
      let descriptor = unsafe Glibc.open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK)
      guard descriptor >= 0 else { throw NetlinkError(errno: errno, call: "open /dev/net/tun") }
      return descriptor
    }
    let tap = TapDescriptor(owning: descriptor)
    // A child that another thread is starting holds all our descriptors until it has become its program, so also one
    // of this tap that we closed already.
    for _ in 0..<10 {
      do throws(NetlinkError) {
        try tap.attach(name)
        return tap
      } catch {
        guard error.code == EBUSY else { throw error }
        usleep(2000)
      }
    }
    try tap.attach(name)
    return tap
  }

  /// Attaches a descriptor whose tap was deleted to the tap of this name, made when it is missing.
  package func attach(_ name: LinkName) throws(NetlinkError) {
    try Self.check(unsafe meros_tap_attach(descriptor, name.text), "TUNSETIFF")
  }

  /// Sets the uid that may attach without privileges.
  package func setOwner(_ uid: UInt32) throws(NetlinkError) {
    try Self.check(meros_tap_set_owner(descriptor, uid), "TUNSETOWNER")
  }

  /// Makes the tap outlive its descriptors.
  package func makePersistent() throws(NetlinkError) {
    try Self.check(meros_tap_set_persistent(descriptor, 1), "TUNSETPERSIST")
  }

  /// Sets the size of the header before each packet, in bytes.
  package func setHeaderSize(_ bytes: Int32) throws(NetlinkError) {
    try Self.check(meros_tap_set_header_size(descriptor, bytes), "TUNSETVNETHDRSZ")
  }

  /// Gives the descriptor away: the caller closes it.
  package consuming func release() -> Int32 {
    let descriptor = descriptor
    discard self
    return descriptor
  }

  private static func check(_ result: Int32, _ call: String) throws(NetlinkError) {
    guard result == 0 else { throw NetlinkError(errno: errno, call: call) }
  }
}
