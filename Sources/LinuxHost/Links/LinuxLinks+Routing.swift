import Glibc
import Netlink
import Network

extension LinuxLinks {
  /// The same links; of those that may be bridges of ours also how the host routes for them.
  func routed(_ links: [Link], by socket: inout RouteSocket) throws(NetlinkError) -> [Link] {
    let bridges = links.indices.filter { links[$0].kind == .bridge && links[$0].group >> 24 == 0x6d }
    guard !bridges.isEmpty else { return links }
    var links = links
    try namespace.run { () throws(NetlinkError) in
      for place in bridges { links[place].routing = try RoutingSettings(links[place].name).present() }
    }
    guard bridges.contains(where: { links[$0].routing.answersForOthers != .off }) else { return links }
    let answered = try socket.answeredNeighbors()
    for place in bridges { links[place].routing.answeredAddresses = answered[links[place].index] ?? [] }
    return links
  }

  func route(_ design: BridgeDesign, _ index: Int32, by socket: inout RouteSocket) throws(NetlinkError) {
    let settings = RoutingSettings(design.name)
    let before = try namespace.run { () throws(NetlinkError) in
      let before = try settings.present()
      try settings.set(design.routing)
      return before
    }
    guard before.answersForOthers != .off || design.routing.answersForOthers != .off else { return }
    let present = Set(try socket.answeredNeighbors()[index] ?? [])
    let wanted = Set(design.routing.answeredAddresses)
    try socket.change(
      present.subtracting(wanted).sorted().map { NeighborRequest.stopAnswering(for: $0, on: index) }
        + wanted.subtracting(present).sorted().map { NeighborRequest.answer(for: $0, on: index) })
  }
}

/// The settings of one bridge, seen from its namespace. The kernel may lack IPv6; then its settings count as wanted.
private struct RoutingSettings {
  private let link: LinkName

  init(_ link: LinkName) { self.link = link }

  private var switches: [KernelSetting] {
    [KernelSetting("net/ipv4/conf/\(link)/proxy_arp_pvlan"), KernelSetting("net/ipv6/conf/\(link)/proxy_ndp")]
  }

  /// How long an answer for another may wait, at random: unasked it is almost a second.
  private var delays: [KernelSetting] {
    ["ipv4", "ipv6"].map { KernelSetting("net/\($0)/neigh/\(link)/proxy_delay") }
  }

  private var loopback: KernelSetting { KernelSetting("net/ipv4/conf/\(link)/route_localnet") }

  func present() throws(NetlinkError) -> BridgeRouting {
    var values: [String] = []
    for setting in switches { values += try setting.value().map { [$0] } ?? [] }
    var waits: [String] = []
    for setting in delays { waits += try setting.value().map { [$0] } ?? [] }
    let isOff = values.allSatisfy { $0 == "0" }
    let isOn = values.allSatisfy { $0 == "1" } && waits.allSatisfy { $0 == "0" }
    return BridgeRouting(
      answersForOthers: isOff ? .off : isOn ? .on : .partly, routesLoopback: try loopback.value() == "1")
  }

  func set(_ routing: BridgeRouting) throws(NetlinkError) {
    let isOn = routing.answersForOthers == .on
    if isOn {
      for setting in delays { try setting.set("0") }
    }
    for setting in switches { try setting.set(isOn ? "1" : "0") }
    try loopback.set(routing.routesLoopback ? "1" : "0")
  }
}
