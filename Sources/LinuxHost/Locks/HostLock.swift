package import Host
package import Netlink
import SystemPackage

/// One lock for all constellations of a network namespace: held by who looks whether a subnet, a port or a setting is
/// free and then takes it, so that nobody takes it in between. To be held for one deed, not for an apply.
package struct HostLock: Sendable {
  private let networkNamespace: NetworkNamespace.Identity

  package init(in networkNamespace: NetworkNamespace.Identity) { self.networkNamespace = networkNamespace }

  /// Waits for it, and holds it until the body is done. Throws `cancelled` when the task is.
  package func hold<Value: Sendable>(_ body: () async throws(HostError) -> Value) async throws(HostError) -> Value {
    let path = try LockFolder.path()
      .appending("host-\(networkNamespace.device)-\(networkNamespace.inode).lock")
    let lock = try await FileLock.await(path)
    let value = try await body()
    _ = consume lock
    return value
  }
}
