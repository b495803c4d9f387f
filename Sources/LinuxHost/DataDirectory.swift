import Glibc
package import Host
import Network
package import SystemPackage

/// The folder in which everything lies that meros makes, and its identity. Only `store`, `disks`, `keys` and `run`
/// matter; the rest may be lost without changing any plan.
package struct DataDirectory: Sendable {
  /// Absolute, without links.
  package let root: FilePath
  package let identity: DataIdentity

  /// Opens the data directory at `path`.
  ///
  /// Without `create` nothing is written: a directory that does not exist yet, or has no identity, gets one for this
  /// process only, and nothing can be observed that carries it.
  package static func open(_ path: FilePath, create: Bool) throws(HostError) -> DataDirectory {
    if create { try path.makeFolders() }
    let root = try path.absolute()
    let place = root.appending("keys").appending(".identity")
    if let identity = try read(place) { return DataDirectory(root: root, identity: identity) }
    let fresh = DataIdentity.random()
    guard create else { return DataDirectory(root: root, identity: fresh) }
    try place.removingLastComponent().makeFolders()
    // A link gives the name away only once: of two that start together, one wins and both read the same.
    let beside = place.removingLastComponent().appending("identity.\(fresh)")
    try beside.replaceContents(Array("\(fresh)\n".utf8))
    let result = unsafe beside.withPlatformString { from in
      unsafe place.withPlatformString { unsafe link(from, $0) }
    }
    let reason = errno
    try beside.unlink()
    guard result == 0 || reason == EEXIST else {
      throw HostError("write \(place)", .system(errno: reason, call: "link"))
    }
    guard let identity = try read(place) else {
      throw HostError("read \(place)", .missing("\(place)"))
    }
    return DataDirectory(root: root, identity: identity)
  }

  private static func read(_ place: FilePath) throws(HostError) -> DataIdentity? {
    guard let bytes = try place.contentsIfPresent(limit: 4096) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first ?? ""
    guard let identity = DataIdentity(text) else {
      throw HostError("read \(place)", .malformed("\(place)", "not 16 hexadecimal digits"))
    }
    return identity
  }

  package func scope(_ constellation: String) -> Scope { Scope(constellation: constellation, data: identity) }

  /// `store`
  package var store: FilePath { root.appending("store") }
  /// `store/KIND/NAME`
  package func entry(_ kind: StoreKind, _ name: String) -> FilePath { store.appending(kind.rawValue).appending(name) }
  /// `disks/bzImage`, `disks/Image`: the kernel that was compiled last. No constellation has capitals in its name.
  package func newestKernel(_ name: String) -> FilePath { root.appending("disks").appending(name) }
  /// `disks/CONSTELLATION`
  package func disks(_ constellation: String) -> FilePath { root.appending("disks").appending(constellation) }
  /// `disks/CONSTELLATION/NAME.json`
  package func diskMark(_ name: String, of constellation: String) -> FilePath {
    disks(constellation).pushing(FilePath("\(name).json"))
  }
  /// `disks/CONSTELLATION/VM.efivars`: what EFI remembers of a VM, beside its root disk.
  package func firmwareVariables(_ vm: String, of constellation: String) -> FilePath {
    disks(constellation).appending("\(vm).efivars")
  }
  /// `disks/CONSTELLATION/VM.identity`: a digest of what was last written into the root disk of a VM, beside it.
  func writtenIdentity(_ vm: String, of constellation: String) -> FilePath {
    disks(constellation).appending("\(vm).identity")
  }
  /// `keys/CONSTELLATION`
  package func keys(_ constellation: String) -> FilePath { root.appending("keys").appending(constellation) }
  /// The private key; its public half has `.pub` behind its name.
  package func key(_ use: KeyUse, of constellation: String) -> FilePath {
    switch use {
    case .client: keys(constellation).appending("client")
    case .host(let vm): keys(constellation).appending("hosts").appending(vm)
    }
  }
  /// `keys/CONSTELLATION/known_hosts`
  package func knownHosts(_ constellation: String) -> FilePath { keys(constellation).appending("known_hosts") }
  /// `run/CONSTELLATION/VM`: sockets and the serial log of a VM.
  package func run(_ vm: String, of constellation: String) -> FilePath {
    root.appending("run").appending(constellation).appending(vm)
  }
  /// `cache`: packages, digests of trees.
  package var cache: FilePath { root.appending("cache") }
  /// `logs`
  package var logs: FilePath { root.appending("logs") }
  /// `tmp`: locks of builds.
  package var temporary: FilePath { root.appending("tmp") }
}

extension DataIdentity {
  /// 64 bits from the system's generator.
  static func random() -> DataIdentity {
    while true {
      if let identity = DataIdentity(hexadecimal(UInt64.random(in: 0 ... .max), digits: 16)) { return identity }
    }
  }
}

extension FilePath {
  /// Absolute, as far as it exists without links.
  package func absolute() throws(HostError) -> FilePath {
    if let resolved = unsafe withPlatformString({ unsafe realpath($0, nil) }) {
      defer { unsafe free(resolved) }
      return unsafe FilePath(platformString: resolved)
    }
    if isAbsolute { return lexicallyNormalized() }
    guard let folder = unsafe getcwd(nil, 0) else { throw HostError("resolve \(self)", .lastCall("getcwd")) }
    defer { unsafe free(folder) }
    return unsafe FilePath(platformString: folder).pushing(self).lexicallyNormalized()
  }
}
