import Glibc
package import Host
package import Netlink
import SystemPackage

/// Keeps two meros from changing one constellation of one network namespace at once. The kernel frees it when the
/// process dies.
package struct ConstellationLock: Sendable {
  private let networkNamespace: NetworkNamespace.Identity
  /// How long to wait for somebody else; zero: not at all.
  private let timeout: Duration

  package init(in networkNamespace: NetworkNamespace.Identity, timeout: Duration) {
    self.networkNamespace = networkNamespace
    self.timeout = timeout
  }

  /// Why a lock was not taken.
  package enum Failure: Error, Equatable, Sendable {
    /// Somebody else has it; the process's id, nil where it cannot be told.
    case held(constellation: String, pid: Int32?)
    case host(HostError)
  }

  /// Takes all of them, in the order of their names so that two who want the same never wait for each other, and holds
  /// them until the body is done.
  /// - Parameter waiting: called once for each that somebody else has, with its name and the process's id.
  package func hold<Value: Sendable>(
    _ constellations: Set<String>, waiting: @Sendable (String, Int32?) -> Void = { _, _ in },
    _ body: () async -> Value
  ) async throws(Failure) -> Value {
    try await hold(constellations.sorted()[...], until: .now + timeout, waiting, body)
  }

  /// The process that has the constellation's lock; nil where none has. Taking the lock to find out would keep others
  /// from it.
  package func holder(of constellation: String) throws(HostError) -> Int32? {
    let path = try path(constellation)
    var status = stat()
    guard unsafe path.withPlatformString({ unsafe stat($0, &status) }) == 0 else { return nil }
    // "1: FLOCK  ADVISORY  WRITE 4711 00:1a:1234 0 EOF"
    let locks = String(decoding: try FilePath("/proc/locks").contents(), as: UTF8.self)
    for line in locks.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count > 5, words[1] == "FLOCK", words[5].hasSuffix(":\(status.st_ino)"), let pid = Int32(words[4]) {
        return pid
      }
    }
    return nil
  }

  private func hold<Value: Sendable>(
    _ constellations: ArraySlice<String>, until deadline: ContinuousClock.Instant,
    _ waiting: @Sendable (String, Int32?) -> Void, _ body: () async -> Value
  ) async throws(Failure) -> Value {
    guard let first = constellations.first else { return await body() }
    let lock = try await take(first, until: deadline, waiting)
    let value = try await hold(constellations.dropFirst(), until: deadline, waiting, body)
    _ = consume lock
    return value
  }

  private func take(
    _ constellation: String, until deadline: ContinuousClock.Instant, _ waiting: @Sendable (String, Int32?) -> Void
  ) async throws(Failure) -> FileLock {
    let path: FilePath
    do { path = try self.path(constellation) } catch { throw .host(error) }
    var isTold = false
    while true {
      do throws(HostError) {
        if let lock = try FileLock.take(path) {
          try LockHolder.write(to: path)
          return lock
        }
      } catch { throw .host(error) }
      let pid = LockHolder.read(from: path)
      guard ContinuousClock.now < deadline else { throw .held(constellation: constellation, pid: pid) }
      if !isTold { waiting(constellation, pid) }
      isTold = true
      do {
        try await Task.sleep(for: .milliseconds(100))
      } catch { throw .host(HostError("lock \(path)", .cancelled)) }
    }
  }

  /// Device and inode of the namespace, so that two names of one namespace are one.
  private func path(_ constellation: String) throws(HostError) -> FilePath {
    let name = "\(networkNamespace.device)-\(networkNamespace.inode)-\(constellation).lock"
    guard let component = FilePath.Component(name) else {
      throw HostError("lock \(constellation)", .malformed(constellation, "no file can have this name"))
    }
    return try LockFolder.path().appending(component)
  }
}
