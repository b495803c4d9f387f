import Glibc
import Host
import SystemPackage

/// Who needs entries of the store: disks, machines that run, and work under way.
struct StoreUsage {
  let data: DataDirectory

  /// By the addresses of the entries.
  func users() throws(HostError) -> [StoreAddress: Set<StoreItem.User>] {
    var all: [StoreAddress: Set<StoreItem.User>] = [:]
    for (constellation, name, image) in try disks() {
      all[StoreAddress(.image, image), default: []].insert(.disk(constellation: constellation, name: name))
    }
    for constellation in try constellations() {
      for process in try MachineProcess.all(of: data.scope(constellation), in: nil) {
        guard let kernel = process.attributes["kernel"] else { continue }
        all[StoreAddress(.kernel, kernel), default: []].insert(
          .machine(constellation: constellation, name: process.name))
      }
    }
    for address in try StoreLease.held(in: data) { all[address, default: []].insert(.work) }
    return all
  }

  /// Every constellation that left something here.
  private func constellations() throws(HostError) -> Set<String> {
    var names: Set<String> = []
    for folder in ["disks", "run", "keys"] {
      names.formUnion(try data.root.appending(folder).folderEntries().map(\.string).filter { !$0.hasPrefix(".") })
    }
    return names
  }

  /// Every disk that stands on an image, whosever it is: its mark may be lost, and what it stands on may not go.
  private func disks() throws(HostError) -> [(constellation: String, name: String, image: String)] {
    var found: [(constellation: String, name: String, image: String)] = []
    let folder = data.root.appending("disks")
    // The kernel that was compiled last lies there too, as a file.
    for constellation in try folder.folderEntries()
    where (try? folder.appending(constellation).stat(followTargetSymlink: false))?.type == .directory {
      for file in try folder.appending(constellation).filesBelow() {
        // What a guest wrote into a raw disk may look like anything.
        let name = String(file.string.dropFirst(folder.appending(constellation).string.utf8.count + 1))
        let isRaw = [DiskFormat.raw.ending, "\(DiskFormat.raw.ending).tmp"].contains { name.hasSuffix($0) }
        guard !isRaw, let image = try image(below: file) else { continue }
        let ending = DiskFormat.qcow2.ending
        found.append((constellation.string, name.hasSuffix(ending) ? String(name.dropLast(ending.count)) : name, image))
      }
    }
    return found
  }

  /// The entry that the disk's backing file lies in; nil for what stands on nothing, and for what is no disk.
  private func image(below disk: FilePath) throws(HostError) -> String? {
    let header: QCOW2Header
    do {
      header = try QCOW2Header.read(disk.string)
    } catch {
      switch error.cause {
      case .malformed, .missing: return nil
      default: throw error
      }
    }
    let parts = (header.backingFile ?? "").split(separator: "/")
    return parts.count >= 2 ? String(parts[parts.count - 2]) : nil
  }
}

extension FilePath {
  /// Every file below the folder; links are left alone.
  func filesBelow() throws(HostError) -> [FilePath] {
    var files: [FilePath] = []
    for name in try folderEntries() {
      let place = appending(name)
      // What vanishes meanwhile is none.
      switch (try? place.stat(followTargetSymlink: false))?.type {
      case .directory?: files += try place.filesBelow()
      case .regular?: files.append(place)
      default: break
      }
    }
    return files
  }
}
