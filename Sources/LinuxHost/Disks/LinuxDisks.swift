import Glibc
package import Host
import Network
import QMP
import SystemPackage

/// Disks under `data/disks`: qcow2 files, each with a mark beside it, for root alone.
package struct LinuxDisks: Disks {
  let data: DataDirectory

  package init(_ data: DataDirectory) { self.data = data }

  package func disks(of scope: Scope) async throws(HostError) -> [ObservedDisk] {
    let folder = data.disks(scope.constellation)
    var all: [ObservedDisk] = []
    for entry in try folder.folderEntries() {
      if let name = Self.diskName(entry) {
        if let disk = try disk(name, of: scope) { all.append(disk) }
      } else if entry.extension == nil {
        // The folder of a VM's data disks; where it is none, the kernel says so.
        guard (try? folder.appending(entry).stat(followTargetSymlink: false))?.type == .directory else { continue }
        for inner in try folder.appending(entry).folderEntries() {
          guard let name = Self.diskName(inner) else { continue }
          if let disk = try disk("\(entry.string)/\(name)", of: scope) { all.append(disk) }
        }
      }
    }
    return all
  }

  /// nil for files that are no disks, and for those that are being made.
  private static func diskName(_ entry: FilePath.Component) -> String? {
    guard entry.extension == "qcow2", !entry.string.hasPrefix(".") else { return nil }
    return entry.stem
  }

  /// nil where the mark says that it is not ours.
  private func disk(_ name: String, of scope: Scope) throws(HostError) -> ObservedDisk? {
    let path = data.disk(name, of: scope.constellation)
    let mark = try mark(name, of: scope)
    if let mark, mark.mark.scope != scope { return nil }
    let header = try QCOW2Header.read(path)
    let base = header.backingFile.map { path.removingLastComponent().pushing(FilePath($0)).lexicallyNormalized() }
    return ObservedDisk(
      name: name, image: base.flatMap { $0.removingLastComponent().lastComponent?.string },
      imageDigest: mark?.imageDigest,
      isBroken: base.map { !$0.exists } ?? false, content: mark?.content, size: ByteCount(bytes: header.size),
      isProtected: mark?.isProtected ?? false, power: mark?.power ?? .on)
  }

  /// nil where there is none, or none that can be read.
  func mark(_ name: String, of scope: Scope) throws(HostError) -> DiskMark? {
    try data.diskMark(name, of: scope.constellation).contentsIfPresent(limit: 1 << 16)
      .flatMap { JSON(parsing: $0) }.flatMap { DiskMark($0) }
  }

  package func ensure(_ design: DiskDesign) async throws(HostError) {
    let path = data.disk(design.name, of: design.scope.constellation)
    let attempted = "create disk \(design.name)"
    let before = try mark(design.name, of: design.scope)
    let isThere = path.exists
    if isThere, let before, before.mark.scope != design.scope {
      throw HostError(attempted, .notOurs("disk \(path)"))
    }
    let mark = DiskMark(
      mark: Mark(scope: design.scope, address: "disk.\(design.name)"), content: design.content,
      imageDigest: isThere ? before?.imageDigest : try imageDigest(design.content), isProtected: design.isProtected,
      power: isThere ? before?.power ?? .on : .on)
    try path.removingLastComponent().makeFolders()
    if !isThere {
      // Beside its place, so that what has the name is whole; a killed attempt is overwritten by the next.
      let beside = path.removingLastComponent().appending(".\(path.lastComponent?.string ?? "disk").tmp")
      try beside.unlink()
      do throws(HostError) {
        try await create(design, at: beside, attempted)
        _ = unsafe beside.withPlatformString { unsafe chmod($0, 0o600) }
      } catch {
        beside.unlinkQuietly()
        throw error
      }
      try write(mark, design)
      try beside.rename(to: path)
    } else {
      if before != mark { try write(mark, design) }
      if let size = design.size, try QCOW2Header.read(path).size < size.bytes {
        try await Program("qemu-img", ["resize", "-q", "-f", "qcow2", path.string, String(size.bytes)])
          .run("grow disk \(design.name)")
      }
    }
  }

  /// nil where the disk stands on no image, or on one that does not say.
  private func imageDigest(_ content: DiskDesign.Content) throws(HostError) -> String? {
    guard case .overlay(let image) = content else { return nil }
    return try StoreEntry.read(data.entry(.image, image))?.digest
  }

  private func write(_ mark: DiskMark, _ design: DiskDesign) throws(HostError) {
    try data.diskMark(design.name, of: design.scope.constellation).replaceContents(Array("\(mark.json)\n".utf8))
  }

  package func remove(_ name: String, of scope: Scope) async throws(HostError) {
    let path = data.disk(name, of: scope.constellation)
    if let mark = try mark(name, of: scope), mark.mark.scope != scope {
      throw HostError("delete disk \(name)", .notOurs("disk \(path)"))
    }
    // The mark last: a disk without one would count as a data disk, which nobody deletes.
    try path.unlink()
    try data.diskMark(name, of: scope.constellation).unlink()
    path.removingLastComponent().removeIfEmpty()
    data.disks(scope.constellation).removeIfEmpty()
  }
}
