import Glibc
package import Host
package import SystemPackage

extension FilePath {
  /// Makes the folder and those above it, each for the owner alone unless `mode` says more; what exists is left as it is.
  package func makeFolders(mode: CInterop.Mode = 0o700) throws(HostError) {
    let result = unsafe withPlatformString { unsafe mkdir($0, mode) }
    if result == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let last = lastComponent, last.kind == .regular else {
      throw HostError("create folder \(self)", .lastCall("mkdir"))
    }
    let above = removingLastComponent()
    guard !above.isEmpty else { throw HostError("create folder \(self)", .system(errno: ENOENT, call: "mkdir")) }
    try above.makeFolders(mode: mode)
    let again = unsafe withPlatformString { unsafe mkdir($0, mode) }
    guard again == 0 || errno == EEXIST else { throw HostError("create folder \(self)", .lastCall("mkdir")) }
  }

  /// The names in the folder, without `.` and `..`, in the order of their bytes; none where it is missing.
  package func folderEntries() throws(HostError) -> [FilePath.Component] {
    guard let stream = unsafe withPlatformString({ unsafe opendir($0) }) else {
      if errno == ENOENT { return [] }
      throw HostError("list \(self)", .lastCall("opendir"))
    }
    defer { unsafe closedir(stream) }
    var names: [[CChar]] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe Array(bytes.bindMemory(to: CChar.self).prefix { $0 != 0 }) + [0]
      }
      if name != [46, 0] && name != [46, 46, 0] { names.append(name) }
    }
    names.sort { $0.lexicographicallyPrecedes($1) { UInt8(bitPattern: $0) < UInt8(bitPattern: $1) } }
    return names.compactMap { name in
      unsafe name.withUnsafeBufferPointer { buffer in
        unsafe buffer.baseAddress.flatMap { unsafe FilePath.Component(platformString: $0) }
      }
    }
  }

  /// Deletes a file or a folder with all that is in it, never following a link and never leaving the file system;
  /// what is missing is fine.
  package func removeTree() throws(HostError) {
    guard let type = try? stat(followTargetSymlink: false) else { return }
    guard type.type == .directory else { return try unlink() }
    try removeFolder(device: type.deviceID)
  }

  private func removeFolder(device: DeviceID) throws(HostError) {
    for name in try folderEntries() {
      let entry = appending(name)
      // What vanished meanwhile needs no deleting.
      guard let type = try? entry.stat(followTargetSymlink: false) else { continue }
      if type.type == .directory {
        guard type.deviceID == device else { throw HostError("delete \(entry)", .system(errno: EXDEV, call: "rmdir")) }
        try entry.removeFolder(device: device)
      } else {
        try entry.unlink()
      }
    }
    let result = unsafe withPlatformString { unsafe rmdir($0) }
    guard result == 0 || errno == ENOENT else { throw HostError("delete \(self)", .lastCall("rmdir")) }
  }

  /// Deletes the folder if nothing is in it; otherwise leaves it.
  package func removeIfEmpty() {
    _ = unsafe withPlatformString { unsafe rmdir($0) }
  }

  /// Something of any kind has this name.
  package var exists: Bool { (try? stat(followTargetSymlink: false)) != nil }
}

extension FilePath {
  /// Waits until the file or folder is on the disk. The corresponding C function is `fsync`.
  func sync() throws(HostError) {
    do {
      let file = try FileDescriptor.open(self, .readOnly, options: [.closeOnExec])
      try file.closeAfter { guard fsync(file.rawValue) == 0 else { throw Errno.current } }
    } catch {
      throw HostError("sync \(self)", .system(errno: error.number, call: "fsync"))
    }
  }
}
