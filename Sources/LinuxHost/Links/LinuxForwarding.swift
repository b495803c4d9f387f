package import Host
package import Netlink
import Network

/// Forwarding of one network namespace of this machine.
package struct LinuxForwarding: Forwarding {
  private let namespace: NetworkNamespace
  private static let ipv4 = KernelSetting("net/ipv4/ip_forward")
  private static let ipv6 = KernelSetting("net/ipv6/conf/all/forwarding")
  /// Writing `ip_forward` resets it.
  private static let redirects = KernelSetting("net/ipv4/conf/all/accept_redirects")

  package init(in namespace: NetworkNamespace = .current) { self.namespace = namespace }

  package func state() async throws(HostError) -> ForwardingState {
    try LinuxLinks.attempt("read forwarding") { () throws(NetlinkError) in
      try namespace.run { () throws(NetlinkError) in try Self.present() }
    }
  }

  package func set(_ state: ForwardingState) async throws(HostError) {
    try LinuxLinks.attempt("set forwarding") { () throws(NetlinkError) in
      var socket = try RouteSocket.open(in: namespace)
      let uplinks = try socket.advertisedLinks()
      try namespace.run { () throws(NetlinkError) in
        let before = try Self.present()
        if before.ipv4 != state.ipv4 { try Self.setIPv4(state.ipv4) }
        if before.ipv6 != state.ipv6 { try Self.setIPv6(state.ipv6, uplinks) }
      }
    }
  }

  private static func present() throws(NetlinkError) -> ForwardingState {
    ForwardingState(ipv4: try ipv4.value() == "1", ipv6: try ipv6.value() == "1")
  }

  private static func setIPv4(_ isOn: Bool) throws(NetlinkError) {
    let former = try redirects.value()
    try ipv4.set(isOn ? "1" : "0")
    if let former { try redirects.set(former) }
  }

  /// A router ignores advertisements, and would lose its own way out with the next one due. So links whose routes came
  /// that way are told to listen all the same (`accept_ra` 2), before the kernel throws those routes away.
  private static func setIPv6(_ isOn: Bool, _ uplinks: Set<LinkName>) throws(NetlinkError) {
    if isOn { try setListening(uplinks, from: "1", to: "2") }
    try ipv6.set(isOn ? "1" : "0")
    if !isOn { try setListening(uplinks, from: "2", to: "1") }
  }

  private static func setListening(
    _ links: Set<LinkName>, from before: String, to after: String
  ) throws(NetlinkError) {
    for link in links.sorted() {
      let setting = KernelSetting("net/ipv6/conf/\(link)/accept_ra")
      if try setting.value() == before { try setting.set(after) }
    }
  }
}
