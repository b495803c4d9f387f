import Glibc
package import Host
import Network
import SystemPackage

/// Disks under `data/disks`: qcow2 or raw files, each with a mark beside it, for root alone.
package struct LinuxDisks: Disks {
  let data: DataDirectory

  package init(_ data: DataDirectory) { self.data = data }

  package func disks(of scope: Scope) async throws(HostError) -> [ObservedDisk] {
    let folder = data.disks(scope.constellation).string
    var look = DiskLook(scope: scope, folder: folder)
    let entries = try SmallFile.names(in: folder) ?? []
    try look.add(entries)
    // The data disks of a VM.
    for entry in entries where !entry.contains(".") {
      try look.add(try SmallFile.names(in: "\(folder)/\(entry)") ?? [], in: "\(entry)/")
    }
    return look.disks
  }

  /// nil where there is none, or none that can be read.
  func mark(_ name: String, of scope: Scope) throws(HostError) -> DiskMark? {
    try DiskMark.read(data.diskMark(name, of: scope.constellation).string)
  }

  package func ensure(_ design: DiskDesign) async throws(HostError) {
    let path = data.disk(design.name, of: design.scope.constellation, design.format)
    let attempted = "create disk \(design.name)"
    let before = try mark(design.name, of: design.scope)
    let present = try file(design.name, of: design.scope, before)
    let isThere = present != nil
    if let present, let before, before.mark.scope != design.scope {
      throw HostError(attempted, .notOurs("disk \(present.path)"))
    }
    let mark = DiskMark(
      mark: Mark(scope: design.scope, address: "disk.\(design.name)"), content: design.content,
      format: design.format, imageDigest: isThere ? before?.imageDigest : try imageDigest(design.content),
      isProtected: design.isProtected, power: isThere ? before?.power ?? .on : design.power,
      madeAt: isThere ? before?.madeAt : Int64(time(nil)))
    try path.removingLastComponent().makeFolders()
    if let present, present.format != design.format {
      try await convert(present, to: path, of: design, marked: mark, before)
    } else if isThere {
      if let remains = before?.remains, remains != design.format {
        try data.disk(design.name, of: design.scope.constellation, remains).unlink()
      }
      if before != mark { try write(mark, design.name, of: design.scope) }
    } else {
      let new = try await beside(path) { place throws(HostError) in try await create(design, at: place, attempted) }
      try write(mark, design.name, of: design.scope)
      try new.rename(to: path)
    }
    try await grow(design)
  }

  /// As long as there is one file, it is the disk, whatever its mark says, and of two the one that the mark says: killed at
  /// any time, nothing is lost.
  private func convert(
    _ disk: DiskFile, to path: FilePath, of design: DiskDesign, marked mark: DiskMark, _ before: DiskMark?
  ) async throws(HostError) {
    let attempted = "convert disk \(design.name)"
    // What was converted is deleted, and of a file without a mark nobody knows whose it is.
    guard before != nil else { throw HostError(attempted, .notOurs("the file \(disk.path)")) }
    if path.exists, before?.remains != design.format { throw HostError(attempted, .notOurs("the file \(path)")) }
    if let device = try LoopDevice.all(of: disk.path).first {
      throw HostError(attempted, .notOurs("the loop device \(device) of \(disk.path)"))
    }
    if design.format == .raw, try disk.header().snapshotCount > 0 {
      throw HostError(attempted, .unsupported("raw files hold no snapshots, and \(disk.path) has some"))
    }
    let new = try await beside(path) { place throws(HostError) in
      try await convert(disk, to: DiskFile(path: place, format: design.format), design.name)
    }
    try path.unlink()
    var converting = mark
    converting.remains = disk.format
    try write(converting, design.name, of: design.scope)
    try new.rename(to: path)
    try path.removingLastComponent().sync()
    try disk.path.unlink()
    try write(mark, design.name, of: design.scope)
  }

  /// Makes a file beside its place, so that what has the name is whole; a killed attempt is overwritten by the next.
  private func beside(
    _ path: FilePath, _ make: (FilePath) async throws(HostError) -> Void
  ) async throws(HostError) -> FilePath {
    let place = temporary(for: path)
    try place.unlink()
    do throws(HostError) {
      try await make(place)
      _ = unsafe place.withPlatformString { unsafe chmod($0, 0o600) }
    } catch {
      place.unlinkQuietly()
      throw error
    }
    return place
  }

  private func temporary(for path: FilePath) -> FilePath {
    path.removingLastComponent().appending(".\(path.lastComponent?.string ?? "disk").tmp")
  }

  private func grow(_ design: DiskDesign) async throws(HostError) {
    let file = data.diskFile(design.name, of: design.scope.constellation, design.format)
    guard let size = design.size, try file.header().size < size.bytes else { return }
    try await Program("qemu-img", ["resize", "-q", "-f", file.format.rawValue, file.path.string, String(size.bytes)])
      .run("grow disk \(design.name)")
  }

  /// The one that the disk is; nil where there is none.
  private func file(_ name: String, of scope: Scope, _ mark: DiskMark?) throws(HostError) -> DiskFile? {
    let files = DiskFormat.allCases.map { data.diskFile(name, of: scope.constellation, $0) }.filter { $0.path.exists }
    let chosen = try DiskFormat.choose(name, among: files.map(\.format), mark)
    return files.first { $0.format == chosen }
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
    let mark = try mark(name, of: scope)
    if let mark, mark.mark.scope != scope { throw HostError("delete disk \(name)", .notOurs("disk \(name)")) }
    // First what would count as the disk once that is gone; the mark last: a disk without one would count as a data disk,
    // which nobody deletes.
    if let remains = mark?.remains { try data.disk(name, of: scope.constellation, remains).unlink() }
    for format in DiskFormat.allCases { try temporary(for: data.disk(name, of: scope.constellation, format)).unlink() }
    try file(name, of: scope, mark)?.path.unlink()
    try data.diskMark(name, of: scope.constellation).unlink()
    if !name.contains("/") {
      try data.firmwareVariables(name, of: scope.constellation).unlink()
      try data.writtenIdentity(name, of: scope.constellation).unlink()
    }
    data.diskMark(name, of: scope.constellation).removingLastComponent().removeIfEmpty()
    data.disks(scope.constellation).removeIfEmpty()
  }
}
