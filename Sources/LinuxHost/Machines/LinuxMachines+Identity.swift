import Host
import SystemPackage

extension LinuxMachines {
  /// Writes who the guest is into its root disk, where the guest boots by a loader of its own and so never runs our
  /// initramfs. The machine must not run. Does nothing for other machines, and for disks that came from no image.
  ///
  /// Nothing of the guest is executed for it, and no link of the guest's is followed out of its disk.
  ///
  /// A guest may do to its disk what keeps us out of it: damage its file system, or lay its volume in pieces. What was
  /// written before is in there all the same, so one that is to be who it was is started, and can mend it.
  func writeIdentity(
    of design: MachineDesign, in folder: RunFolder, _ attempted: String
  ) async throws(HostError) {
    guard try firmware(of: design) != nil, try imageFirmware(of: design) != nil, let disk = design.disks.first
    else { return }
    let place = folder.path.appending("identity")
    try place.removeTree()
    try place.makeFolders()
    defer {
      // What is left, keys that lie in `data/keys` too, goes with the next start or with the machine's folder.
      try? place.removeTree()
    }
    try place.appending("identity.tar").replaceContents(design.installedIdentity(try keys(of: design)))
    try place.appending("functions").replaceContents(Array(GuestInit.functions.utf8))
    let log = folder.path.appending("identity.log")
    try log.unlink()
    let builder = Builder(data: data, folder: place, attempted: attempted, log: log, progress: .silent)
    let layers = try DiskChain.layers(of: data.file(of: disk, design.scope), below: data.store)
    let digest = Array(design.installedIdentityDigest(try keys(of: design)).utf8)
    let written = data.writtenIdentity(design.name, of: design.scope.constellation)
    do throws(HostError) {
      try await builder.run(
        Builder.hookScript + Builder.diskScript + Builder.identityScript, ["FSCK": "-p", "NETWORK": ""],
        arguments: Self.nodes(of: layers))
    } catch {
      guard error.cause != .cancelled, try written.contentsIfPresent(limit: 1024) == digest else { throw error }
      return
    }
    try written.replaceContents(digest)
  }

  /// Nodes of qemu-storage-daemon for a disk and what it stands on; the disk's is called `disk0`. What the disk itself
  /// says that it stands on does not count.
  private static func nodes(of layers: [FilePath]) -> [String] {
    layers.enumerated().reversed().flatMap { depth, path in
      let access = depth == 0 ? "" : ",read-only=on"
      let backing = depth + 1 < layers.count ? ",backing=disk\(depth + 1)" : ""
      return [
        "--blockdev",
        "driver=file,node-name=file\(depth),filename=\(MachineDesign.escaped(path.string))\(access)",
        "--blockdev", "driver=qcow2,node-name=disk\(depth),file=file\(depth)\(access)\(backing)",
      ]
    }
  }
}
