import Host
import Network

extension MachineDesign {
  /// What `GuestInit.script` lays over the root file system, as one archive: `root/…` as it is, and beside it the lines
  /// that it works into files that others write too. `modules`: a disk with the kernel's modules is attached.
  func identityArchive(_ keys: GuestKeys, modules: Bool) -> [UInt8] {
    var archive = commonIdentity(keys)
    archive.add("network", networks.map(Self.network).joined())
    archive.add("mounts", mounts(modules: modules))
    return archive.finished()
  }

  /// What is worked into the disk of a guest that boots by a loader of its own: the same, and in `networks/` files for
  /// whatever sets up networks in it, which then knows the interfaces by their hardware addresses.
  func installedIdentity(_ keys: GuestKeys) -> [UInt8] {
    var archive = commonIdentity(keys)
    archive.add("fstab", fstab)
    for file in NetworkFiles(networks).all { archive.add("networks/\(file.name)", file.text) }
    if !networks.isEmpty {
      for file in cloudInit { archive.add("networks/nocloud/\(file.name)", file.text) }
    }
    return archive.finished()
  }

  /// Of that, without its neighbours: a guest that lacks the newest of them is reached all the same.
  func installedIdentityDigest(_ keys: GuestKeys) -> String {
    var alone = self
    alone.identity.hosts = []
    return sha256(alone.installedIdentity(keys))
  }

  private func commonIdentity(_ keys: GuestKeys) -> GuestArchive {
    var archive = GuestArchive()
    archive.add("root/etc/hostname", identity.hostname + "\n")
    archive.add("root/etc/ssh/ssh_host_ed25519_key", keys.hostPrivate, mode: 0o600)
    archive.add("root/etc/ssh/ssh_host_ed25519_key.pub", keys.hostPublic)
    let nameservers = networks.flatMap { $0.nameservers + $0.offeredNameservers }
    if !nameservers.isEmpty {
      archive.add("root/etc/resolv.conf", nameservers.map { "nameserver \($0)\n" }.joined())
    }
    archive.add("hosts", hostLines)
    archive.add("authorized_keys", ([keys.clientPublic] + identity.authorizedKeys).map(Self.line).joined())
    archive.add("user", identity.user ?? "")
    return archive
  }

  private var hostLines: String {
    var lines = ["127.0.0.1 localhost", "::1 localhost ip6-localhost ip6-loopback"]
    if !identity.hosts.contains(where: { $0.names.contains(identity.hostname) }) {
      lines.append("127.0.1.1 \(identity.hostname)")
    }
    lines += identity.hosts.map { "\($0.address) \($0.names.joined(separator: " "))" }
    return lines.map(Self.line).joined()
  }

  /// Addresses before `up`: the kernel then tells the neighbours that they are here.
  private static func network(_ network: Interface) -> String {
    var lines = ["link \(network.mac)", "mtu \(network.mtu)"]
    lines += network.addresses.map { "address \($0)" }
    lines.append("up yes")
    lines += network.gateways.map { "gateway \($0)" }
    return lines.map(line).joined()
  }

  /// The outer mount points first.
  private func mounts(modules: Bool) -> String {
    let lines = modules ? ["modules ext4 ro /lib/modules"] : []
    return (lines + mounted.map { "\($0.disk.serial) \($0.disk.fileSystem ?? "auto") rw \($0.place)" })
      .map(Self.line).joined()
  }

  /// A disk that is missing does not keep the guest from booting; file systems take the room of disks that have grown.
  private var fstab: String {
    mounted.map { disk, place in
      "/dev/disk/by-id/virtio-\(disk.serial) \(place) \(disk.fileSystem ?? "auto") nofail,x-systemd.growfs 0 2"
    }.map(Self.line).joined()
  }

  private var mounted: [(disk: Disk, place: String)] {
    disks.compactMap { disk in disk.mountPoint.map { (disk: disk, place: $0) } }.sorted { $0.place < $1.place }
  }

  /// One line, whatever line ends the text holds itself.
  private static func line(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ") + "\n"
  }
}
