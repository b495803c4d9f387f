import CLinux
import Glibc
import Host
import Netlink
import Network
import SystemPackage

/// A QEMU of ours and the descriptor by which it holds a tap, or held it until the tap was deleted: then the
/// descriptor leads nowhere until it is attached to a tap again, and the guest waits.
struct TapHolder {
  let pid: Int32
  /// Its number in that process.
  let descriptor: Int32
  /// Of the header before each packet, in bytes: the kernel forgets it with the tap, QEMU goes on using it.
  let headerSize: Int32

  enum State {
    /// The descriptor is attached to the tap.
    case attached
    /// It is attached to nothing.
    case detached
  }

  /// The process in the namespace that runs as the tap's owner and was started with it, if its descriptor is in this state. nil also for
  /// an owner outside the range that meros gives its QEMUs.
  static func find(
    _ design: TapDesign, _ state: State, in namespace: NetworkNamespace
  ) throws(NetlinkError) -> TapHolder? {
    guard Scope.uids.contains(design.owner), isActive(design.owner) else { return nil }
    let place = try namespace.identity()
    // What ends while we look is none, and what cannot be read is not ours.
    for entry in (try? FilePath("/proc").folderEntries()) ?? [] {
      guard let pid = Int32(entry.string), owner(of: pid) == design.owner,
        // The same constellation may run in several namespaces.
        (try? NetworkNamespace.identity(of: pid)) == place,
        let arguments = arguments(of: pid),
        let netdev = NetdevArgument.all(in: arguments).first(where: { $0.carries(design.name, in: arguments) }),
        let attachment = attachment(of: netdev.descriptor, in: pid)
      else { continue }
      switch state {
      case .attached where attachment == design.name.text, .detached where attachment.isEmpty:
        return TapHolder(pid: pid, descriptor: netdev.descriptor, headerSize: netdev.headerSize(in: arguments))
      case .attached, .detached: continue
      }
    }
    return nil
  }

  /// A copy of the descriptor: what is done to it is done to the process's own.
  ///
  /// The corresponding C function is `pidfd_getfd`.
  func copy() throws(NetlinkError) -> TapDescriptor {
    let process = meros_pidfd_open(pid)
    guard process >= 0 else { throw NetlinkError(errno: -process, call: "pidfd_open") }
    defer { _ = close(process) }
    let copy = meros_pidfd_getfd(process, descriptor)
    guard copy >= 0 else { throw NetlinkError(errno: errno, call: "pidfd_getfd") }
    return TapDescriptor(owning: copy)
  }

  /// Attaches the detached descriptor to the tap, made when it is missing, and gives back a copy.
  func attach(to tap: LinkName) throws(NetlinkError) -> TapDescriptor {
    let descriptor = try copy()
    try descriptor.attach(tap)
    try descriptor.setHeaderSize(headerSize)
    return descriptor
  }

  /// Some process runs as this uid: one call where a look at every process would be hundreds.
  private static func isActive(_ uid: UInt32) -> Bool {
    errno = 0
    return getpriority(__priority_which_t(PRIO_USER.rawValue), uid) != -1 || errno != ESRCH
  }

  private static func owner(of pid: Int32) -> UInt32? {
    var status = stat()
    guard unsafe stat("/proc/\(pid)", &status) == 0 else { return nil }
    return status.st_uid
  }

  private static func arguments(of pid: Int32) -> [String]? {
    guard let bytes = try? FilePath("/proc/\(pid)/cmdline").contents(), !bytes.isEmpty else { return nil }
    return bytes.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The tap that the descriptor is attached to, "" for none; nil when it is not one of /dev/net/tun.
  private static func attachment(of descriptor: Int32, in pid: Int32) -> String? {
    guard let bytes = try? FilePath("/proc/\(pid)/fdinfo/\(descriptor)").contents() else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    return lines.first { $0.hasPrefix("iff:") }.map { $0.dropFirst(4).filter { !$0.isWhitespace } }
  }
}
