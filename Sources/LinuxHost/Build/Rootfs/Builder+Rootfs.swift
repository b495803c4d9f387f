import Host
import SystemPackage

extension Builder {
  /// Makes `rootfs.tar`.
  func rootfs(_ source: RootfsSource) async throws(HostError) {
    try placeKeys(source.from)
    if source.from.distribution == "alpine" {
      try await alpineRootfs(source)
    } else {
      try await debianRootfs(source)
    }
    try folder.appending("keys").removeTree()
  }

  /// The archive of the layer below; nil where there is none. Throws `missing` where it should be there.
  func base(of source: RootfsSource) throws(HostError) -> FilePath? {
    guard let name = source.base else { return nil }
    let archive = data.entry(.rootfs, name).appending(StoreKind.rootfs.mainFile)
    guard archive.exists else { throw HostError(attempted, .missing("store entry rootfs.\(name)")) }
    return archive
  }

  /// Copies the keys of the mirror to `keys/`, under their names, and makes sure that they are what the plan was made
  /// for.
  func placeKeys(_ source: PackageSource) throws(HostError) {
    try source.keys.place(in: folder.appending("keys"), attempted)
  }
}

extension [MirrorKey] {
  /// Copies them into the new folder under their names. Throws where one is not what it was when it was looked at.
  func place(in folder: FilePath, _ attempted: String) throws(HostError) {
    try folder.makeFolders()
    for key in self {
      let bytes = try FilePath(key.path).contents(limit: 1 << 20)
      guard sha256(bytes) == key.digest else {
        throw HostError(attempted, .malformed("key \(key.name)", "changed since it was planned"))
      }
      guard let name = FilePath.Component(key.name) else { continue }
      try folder.appending(name).replaceContents(bytes, permissions: [.ownerReadWrite, .groupRead, .otherRead])
    }
  }
}
