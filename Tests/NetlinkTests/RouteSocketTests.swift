import Glibc
import HostTesting
import Netlink
import Network
import Testing

@Suite(.enabled(if: TestNamespace.isAvailable, "needs root, /dev/net/tun and ip"))
struct RouteSocketTests {
  @Test func aBridgeIsSeenAsItWasMade() async throws {
    try await TestNamespace.with { namespace in
      var socket = try RouteSocket.open(in: .named(namespace.name))
      let name = try #require(LinkName("br0"))
      let mac = try #require(MACAddress("02:00:00:00:00:07"))
      let address = try #require(InterfaceAddress("10.7.0.1/24"))
      let address6 = try #require(InterfaceAddress("fd07::1/64"))
      try socket.change([
        LinkRequest.createBridge(name, group: 0x6d00_0007, mac: mac),
        LinkRequest.change(name, alias: "meros:lab", mtu: 1400, isUp: true),
      ])
      let index = try #require(try socket.link(name)).link.index
      try socket.change([address, address6].map { AddressRequest.add($0, to: index) })
      let link = try #require(try socket.links().first { $0.name == name })
      #expect(
        link
          == Link(
            index: index, name: name, kind: .bridge, group: 0x6d00_0007, alias: "meros:lab", isUp: true, mac: mac,
            mtu: 1400, addresses: [address, address6]))
      #expect(try socket.addresses(of: index) == [address, address6])
      let listing = try namespace.ip("-d", "link", "show", "br0")
      #expect(listing.contains("forward_delay 0") && listing.contains("stp_state 0"))
      #expect(try socket.routes().map(\.destination).contains(address.prefix))
      #expect(try socket.routes().map(\.destination).contains(address6.prefix))
    }
  }

  @Test func aRefusalNamesTheRequestAndTheRestIsDone() async throws {
    try await TestNamespace.with { namespace in
      var socket = try RouteSocket.open(in: .named(namespace.name))
      let name = try #require(LinkName("br0"))
      let other = try #require(LinkName("br1"))
      let mac = MACAddress(value: 0x0200_0000_0001)
      let error = #expect(throws: NetlinkError.self) {
        try socket.change([
          LinkRequest.createBridge(name, group: 1, mac: mac), LinkRequest.createBridge(name, group: 1, mac: mac),
          LinkRequest.createBridge(other, group: 1, mac: mac),
        ])
      }
      #expect(error?.code == EEXIST)
      #expect(error?.call == "RTM_NEWLINK")
      #expect(try socket.link(other) != nil)
      #expect(try socket.link(try #require(LinkName("br2"))) == nil)
    }
  }

  @Test func aTapIsSeenWithItsOwnerAndItsPort() async throws {
    try await TestNamespace.with { namespace in
      let place = try NetworkNamespace.named(namespace.name)
      var socket = try RouteSocket.open(in: place)
      let bridge = try #require(LinkName("br0"))
      let name = try #require(LinkName("tap0"))
      try socket.change([LinkRequest.createBridge(bridge, group: 1, mac: MACAddress(value: 0x0200_0000_0001))])
      let master = try #require(try socket.link(bridge)).link.index
      let tap = try TapDescriptor.open(name, in: place)
      try tap.setOwner(0x7000_0001)
      #expect(try socket.link(name)?.link.kind == .other("tun"))
      try tap.makePersistent()
      try socket.change([
        LinkRequest.change(name, group: 5, alias: "x", master: master), LinkRequest.isolate(name, true),
        LinkRequest.addAlternativeName("web_lan", to: name), LinkRequest.change(name, isUp: true),
      ])
      let link = try #require(try socket.links().first { $0.name == name })
      #expect(link.kind == .tap(owner: 0x7000_0001))
      #expect(link.master == bridge)
      #expect(link.isIsolated)
      #expect(link.alternativeNames == ["web_lan"])
      #expect(link.group == 5 && link.alias == "x" && link.isUp)
      #expect(try socket.link(name)?.hasCarrier == true)
    }
  }
}
