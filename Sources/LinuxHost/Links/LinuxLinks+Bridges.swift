import Host
import Netlink
import Network

extension LinuxLinks {
  /// Returns what keeps us from it besides the kernel; nil when the bridge is as designed.
  func makeBridge(_ design: BridgeDesign) throws(NetlinkError) -> HostError.Cause? {
    var socket = try RouteSocket.open(in: namespace)
    let before = try socket.link(design.name)?.link
    let mac = Self.mac(ofBridge: design.name)
    if let before {
      if let obstacle = Self.obstacle(before, group: design.group, alias: design.alias) { return obstacle }
      guard before.kind == .bridge else { return .notOurs("link \(design.name)") }
      let mark = Self.mark(design, mac: before.mac == mac ? nil : mac)
      try socket.change([mark] + LinkRequest.settleBridge(design.name))
    } else {
      // The alias is silently ignored at creation, so a second message brings it; in between, the group is the mark.
      try socket.change([
        LinkRequest.createBridge(design.name, group: design.group, mac: mac), Self.mark(design, mac: nil),
      ])
    }
    try settle(design)
    // Only a bridge that is up keeps its IPv6 addresses.
    if before?.isUp != true { try socket.change([LinkRequest.change(design.name, isUp: true)]) }
    guard let index = try socket.link(design.name)?.link.index else { return .missing("bridge \(design.name)") }
    try Self.address(index, design.addresses, by: &socket)
    try route(design, index, by: &socket)
    return nil
  }

  private static func mark(_ design: BridgeDesign, mac: MACAddress?) -> NetlinkRequest {
    LinkRequest.change(design.name, alias: design.alias, mtu: design.mtu, mac: mac)
  }

  /// The first address of a prefix takes the others with it when it goes, so: first what goes, then look again.
  private static func address(
    _ index: Int32, _ wanted: [InterfaceAddress], by socket: inout RouteSocket
  ) throws(NetlinkError) {
    let surplus = Set(try socket.addresses(of: index)).subtracting(wanted).sorted()
    for address in surplus {
      do throws(NetlinkError) {
        try socket.change([AddressRequest.delete(address, from: index)])
      } catch  where error.isMissingAddress {
        // It went with another one.
      }
    }
    let present = Set(try socket.addresses(of: index))
    try socket.change(wanted.filter { !present.contains($0) }.map { AddressRequest.add($0, to: index) })
  }

  /// The host takes no addresses or routes from what its guests announce.
  private func settle(_ design: BridgeDesign) throws(NetlinkError) {
    try namespace.run { () throws(NetlinkError) in
      let folder = "net/ipv6/conf/\(design.name)"
      try KernelSetting("\(folder)/accept_ra").set("0")
      try KernelSetting("\(folder)/autoconf").set("0")
      if design.addresses.contains(where: { $0.address.family == .v6 }) {
        try KernelSetting("\(folder)/disable_ipv6").set("0")
      }
    }
  }

  /// An address of our own choice stays when ports come and go.
  static func mac(ofBridge name: LinkName) -> MACAddress {
    MACAddress(value: 0x02_00_00_00_00_00 | stableHash("bridge \(name)") & 0xff_ffff_ffff)
  }
}
