import Glibc
import Host
import Netlink
import Network

extension LinuxLinks {
  /// Returns what keeps us from it besides the kernel; nil when the tap is as designed.
  func makeTap(_ design: TapDesign) throws(NetlinkError) -> HostError.Cause? {
    var socket = try RouteSocket.open(in: namespace)
    guard let bridge = try socket.link(design.master)?.link, bridge.kind == .bridge else {
      return .missing("bridge \(design.master)")
    }
    guard let before = try socket.link(design.name) else {
      try createTap(design, on: bridge, by: &socket)
      return nil
    }
    if let obstacle = Self.obstacle(before.link, group: design.group, alias: design.alias) { return obstacle }
    switch before.link.kind {
    case .tap(let owner):
      let wanted = UserMap.current.standIn(for: design.owner)
      if owner != wanted { try attached(design).setOwner(wanted) }
    // The machine holds it already, and what is left is to make it outlive that.
    case .other("tun"): try finish(try attached(design), design)
    case .bridge, .other: return .notOurs("link \(design.name)")
    }
    if !before.hasCarrier, let holder = try TapHolder.find(design, .detached, in: namespace) {
      _ = try holder.attach(to: design.name)
    }
    var down: [NetlinkRequest] = []
    // On its new bridge it may reach isolated ports until it is isolated itself.
    if design.isIsolated, before.masterIndex != bridge.index, before.link.isUp {
      down = [LinkRequest.change(design.name, isUp: false)]
    }
    try socket.change(down + Self.names(design, before.link))
    try settle(design)
    try socket.change(Self.port(design, before, on: bridge))
    return nil
  }

  /// Until its marks are on it the tap lives only as long as our descriptor, so a crash leaves nothing unmarked.
  private func createTap(
    _ design: TapDesign, on bridge: Link, by socket: inout RouteSocket
  ) throws(NetlinkError) {
    let descriptor: TapDescriptor
    if let holder = try TapHolder.find(design, .detached, in: namespace) {
      descriptor = try holder.attach(to: design.name)
    } else {
      descriptor = try TapDescriptor.open(design.name, in: namespace)
    }
    try descriptor.setOwner(UserMap.current.standIn(for: design.owner))
    try socket.change(Self.names(design, nil))
    try settle(design)
    try socket.change(Self.port(design, nil, on: bridge))
    try descriptor.makePersistent()
  }

  private func finish(_ descriptor: borrowing TapDescriptor, _ design: TapDesign) throws(NetlinkError) {
    try descriptor.setOwner(UserMap.current.standIn(for: design.owner))
    try descriptor.makePersistent()
  }

  /// A descriptor of the existing tap: a new one, or a copy of that of the QEMU that is attached.
  private func attached(_ design: TapDesign) throws(NetlinkError) -> TapDescriptor {
    do throws(NetlinkError) {
      return try TapDescriptor.open(design.name, in: namespace)
    } catch  where error.code == EBUSY {
      guard let holder = try TapHolder.find(design, .attached, in: namespace) else { throw error }
      return try holder.copy()
    }
  }

  /// Group, alias and the rest of what makes it ours, then its alternative names.
  private static func names(_ design: TapDesign, _ before: Link?) -> [NetlinkRequest] {
    let mac = mac(ofTap: design.name)
    let identity = LinkRequest.change(
      design.name, group: design.group, alias: design.alias, mtu: design.mtu, mac: before?.mac == mac ? nil : mac)
    let present = Set(before?.alternativeNames ?? [])
    let wanted = Set([design.alternativeName].compactMap(\.self))
    return [identity]
      + present.subtracting(wanted).sorted().map { LinkRequest.removeAlternativeName($0, from: design.name) }
      + wanted.subtracting(present).sorted().map { LinkRequest.addAlternativeName($0, to: design.name) }
  }

  /// Port of the bridge, isolated before it is up.
  private static func port(_ design: TapDesign, _ before: LinkMessage?, on bridge: Link) -> [NetlinkRequest] {
    let master = LinkRequest.change(design.name, master: bridge.index)
    return (before?.masterIndex == bridge.index ? [] : [master]) + [
      LinkRequest.isolate(design.name, design.isIsolated), LinkRequest.change(design.name, isUp: true),
    ]
  }

  /// The host itself does not talk through the tap, only through the bridge.
  private func settle(_ design: TapDesign) throws(NetlinkError) {
    try namespace.run { () throws(NetlinkError) in
      try KernelSetting("net/ipv6/conf/\(design.name)/disable_ipv6").set("1")
    }
  }

  /// The host's end, not the guest's. High in its first octet, as is the habit for taps, and the same after the tap was
  /// lost and made again.
  static func mac(ofTap name: LinkName) -> MACAddress {
    MACAddress(value: 0xfe_00_00_00_00_00 | stableHash("tap \(name)") & 0xff_ffff_ffff)
  }
}
