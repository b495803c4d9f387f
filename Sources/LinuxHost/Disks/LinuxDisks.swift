import Glibc
package import Host
import Network
import SystemPackage

/// Disks under `data/disks`: qcow2 files, each with a mark beside it, for root alone.
package struct LinuxDisks: Disks {
  let data: DataDirectory

  package init(_ data: DataDirectory) { self.data = data }

  package func disks(of scope: Scope) async throws(HostError) -> [ObservedDisk] {
    let folder = data.disks(scope.constellation).string
    var look = DiskLook(scope: scope, folder: folder)
    for entry in try SmallFile.names(in: folder) ?? [] where !entry.hasPrefix(".") {
      if entry.hasSuffix(DiskLook.ending) {
        try look.add(String(entry.dropLast(DiskLook.ending.count)))
      } else if !entry.contains(".") {
        // The data disks of a VM.
        for inner in try SmallFile.names(in: "\(folder)/\(entry)") ?? []
        where inner.hasSuffix(DiskLook.ending) && !inner.hasPrefix(".") {
          try look.add("\(entry)/\(inner.dropLast(DiskLook.ending.count))")
        }
      }
    }
    return look.disks
  }

  /// nil where there is none, or none that can be read.
  func mark(_ name: String, of scope: Scope) throws(HostError) -> DiskMark? {
    try DiskMark.read(data.diskMark(name, of: scope.constellation).string)
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
      power: isThere ? before?.power ?? .on : design.power,
      madeAt: isThere ? before?.madeAt : Int64(time(nil)))
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
      try write(mark, design.name, of: design.scope)
      try beside.rename(to: path)
    } else {
      if before != mark { try write(mark, design.name, of: design.scope) }
      if let size = design.size, try QCOW2Header.read(path.string).size < size.bytes {
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

  private func write(_ mark: DiskMark, _ name: String, of scope: Scope) throws(HostError) {
    try data.diskMark(name, of: scope.constellation).replaceContents(Array("\(mark.json)\n".utf8))
  }

  package func setPower(_ power: PowerState, _ name: String, of scope: Scope) async throws(HostError) {
    guard var mark = try mark(name, of: scope), mark.mark.scope == scope else {
      throw HostError("note that vm \(name) is \(power.rawValue)", .missing("the mark of disk \(name)"))
    }
    guard mark.power != power else { return }
    mark.power = power
    try write(mark, name, of: scope)
  }

  package func remove(_ name: String, of scope: Scope) async throws(HostError) {
    let path = data.disk(name, of: scope.constellation)
    if let mark = try mark(name, of: scope), mark.mark.scope != scope {
      throw HostError("delete disk \(name)", .notOurs("disk \(path)"))
    }
    // The mark last: a disk without one would count as a data disk, which nobody deletes.
    try path.unlink()
    try data.diskMark(name, of: scope.constellation).unlink()
    if !name.contains("/") { try data.firmwareVariables(name, of: scope.constellation).unlink() }
    path.removingLastComponent().removeIfEmpty()
    data.disks(scope.constellation).removeIfEmpty()
  }
}
