import CLinux
import Glibc

/// A network namespace: where sockets are opened, taps made and settings under /proc/sys/net written.
package struct NetworkNamespace: Sendable {
  /// nil for the namespace that this process runs in.
  private let handle: Handle?

  /// The namespace that this process runs in.
  package static let current = NetworkNamespace(handle: nil)

  /// The namespace that `ip netns add` calls by this name.
  package static func named(_ name: String) throws(NamespaceError) -> NetworkNamespace {
    guard !name.isEmpty, name.utf8.count <= 255, !name.contains("/"), name != ".", name != "..", !name.contains("\0")
    else { throw .invalidName(name) }
    for folder in ["/run/netns", "/var/run/netns"] {
      let path = "\(folder)/\(name)"
      let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
      if descriptor < 0 {
        guard errno == ENOENT || errno == ENOTDIR else { throw .system(errno: errno, call: "open \(path)") }
        continue
      }
      let handle = Handle(descriptor: descriptor)
      guard meros_is_network_namespace(descriptor) == 1 else { throw .notNamespace(path: path) }
      return NetworkNamespace(handle: handle)
    }
    throw .missing(name)
  }

  /// An open descriptor of the namespace, for a child that is to enter it; nil for `current`. Valid as long as a copy
  /// of this value lives.
  package var descriptor: Int32? { handle?.descriptor }

  /// Runs `body` on this thread inside the namespace and comes back. Only this thread moves, so `body` cannot suspend.
  /// Ends the process when there is no way back: the thread would go on working in the wrong place.
  ///
  /// The corresponding C function is `setns`.
  package func run<R: ~Copyable, E: SystemFailure>(_ body: () throws(E) -> R) throws(E) -> R {
    guard let handle else { return try body() }
    let home = unsafe open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
    guard home >= 0 else { throw E(errno: errno, call: "open /proc/thread-self/ns/net") }
    defer { _ = close(home) }
    guard meros_enter_network_namespace(handle.descriptor) == 0 else { throw E(errno: errno, call: "setns") }
    defer {
      if meros_enter_network_namespace(home) != 0 { abort() }
    }
    return try body()
  }

  /// Device and inode of the namespace: the same for everybody who looks at it, whatever its name.
  package func identity() throws(NetlinkError) -> Identity {
    guard let handle else { return try Self.identity(at: "/proc/self/ns/net") }
    var status = stat()
    guard unsafe fstat(handle.descriptor, &status) == 0 else { throw NetlinkError(errno: errno, call: "fstat") }
    return Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
  }

  /// The same of the namespace that a process runs in.
  package static func identity(of pid: Int32) throws(NetlinkError) -> Identity {
    try identity(at: "/proc/\(pid)/ns/net")
  }

  private static func identity(at path: String) throws(NetlinkError) -> Identity {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw NetlinkError(errno: errno, call: "stat \(path)") }
    return Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
  }

  package struct Identity: Hashable, Sendable {
    package var device: UInt64
    package var inode: UInt64
  }

  /// Closes the descriptor with the last copy.
  private final class Handle: Sendable {
    let descriptor: Int32

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { _ = close(descriptor) }
  }
}

/// Why a network namespace cannot be used.
package enum NamespaceError: Error, Equatable {
  /// There is none of this name in /run/netns and /var/run/netns.
  case missing(String)
  /// No file in those folders can have this name.
  case invalidName(String)
  /// The file is there but no namespace is mounted on it.
  case notNamespace(path: String)
  case system(errno: Int32, call: String)
}
