import Glibc
import Netlink

/// A file under /proc/sys. Those of the network are seen as the namespace of the calling thread has them.
struct KernelSetting {
  /// "net/ipv4/ip_forward"
  let name: String

  init(_ name: String) { self.name = name }

  /// Without the newline; nil where the kernel does not have the setting.
  func value() throws(NetlinkError) -> String? {
    let descriptor = unsafe open("/proc/sys/\(name)", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      guard errno == ENOENT else { throw NetlinkError(errno: errno, call: "open /proc/sys/\(name)") }
      return nil
    }
    defer { _ = close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = unsafe read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw NetlinkError(errno: errno, call: "read /proc/sys/\(name)") }
    return String(decoding: bytes[..<count].prefix { $0 != 10 }, as: UTF8.self)
  }

  /// Writes it where it differs. A kernel without the setting (one without IPv6) is left alone.
  func set(_ value: String) throws(NetlinkError) {
    guard let present = try self.value(), present != value else { return }
    let descriptor = unsafe open("/proc/sys/\(name)", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw NetlinkError(errno: errno, call: "open /proc/sys/\(name)") }
    defer { _ = close(descriptor) }
    let bytes = Array(value.utf8)
    guard unsafe write(descriptor, bytes, bytes.count) == bytes.count else {
      throw NetlinkError(errno: errno, call: "write /proc/sys/\(name)")
    }
  }
}
