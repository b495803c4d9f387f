import Host
import HostTesting
import LinuxHost
import Netlink
import Network
import Testing

@Suite(.enabled(if: TestNamespace.isAvailable, "needs root, /dev/net/tun and ip"))
struct LinksBridgeTests {
  @Test func aBridgeIsMadeAsDesignedAndOnlyOnce() async throws {
    try await TestNamespace.with { namespace in
      let links = LinuxLinks(in: try .named(namespace.name))
      let design = try BridgeDesign.sample(addresses: ["10.7.0.1/24", "fd07::1/64"])
      try await links.ensureBridge(design)
      let first = try #require(try await links.links().first { $0.name == design.name })
      #expect(first.kind == .bridge && first.isUp)
      #expect(first.group == design.group && first.alias == design.alias && first.mtu == 1400)
      #expect(first.addresses == design.addresses)
      #expect(try namespace.ip("-6", "address", "show", "dev", "\(design.name)").contains("nodad"))
      let settings = "net/ipv6/conf/\(design.name)"
      #expect(try namespace.run("cat", "/proc/sys/\(settings)/accept_ra", "/proc/sys/\(settings)/autoconf") == "0\n0\n")
      try await links.ensureBridge(design)
      #expect(try await links.links().first { $0.name == design.name } == first)
      #expect(try await links.routes().contains { $0.link == design.name && "\($0.destination)" == "10.7.0.0/24" })
    }
  }

  @Test func whatWasChangedByHandIsMended() async throws {
    try await TestNamespace.with { namespace in
      let links = LinuxLinks(in: try .named(namespace.name))
      let design = try BridgeDesign.sample(addresses: ["10.7.0.1/24", "10.7.0.2/24"])
      try await links.ensureBridge(design)
      let before = try await links.links()
      let name = "\(design.name)"
      try namespace.ip("address", "delete", "10.7.0.1/24", "dev", name)
      try namespace.ip("address", "add", "10.7.0.9/24", "dev", name)
      try namespace.ip("address", "add", "10.9.0.1/16", "dev", name)
      try namespace.ip("link", "set", name, "mtu", "1300", "alias", "mine", "address", "02:00:00:00:00:01")
      try namespace.ip("link", "set", name, "type", "bridge", "stp_state", "1")
      try namespace.ip("link", "set", name, "down")
      #expect(try await links.links() != before)
      try await links.ensureBridge(design)
      #expect(try await links.links() == before)
      #expect(try namespace.ip("-d", "link", "show", name).contains("stp_state 0"))
    }
  }

  @Test func theAddressOfABridgeDoesNotFollowItsPorts() async throws {
    try await TestNamespace.with { namespace in
      let links = LinuxLinks(in: try .named(namespace.name))
      let design = try BridgeDesign.sample(addresses: [])
      try await links.ensureBridge(design)
      let mac = try #require(try await links.links().first { $0.name == design.name }?.mac)
      try namespace.ip("tuntap", "add", "low", "mode", "tap")
      try namespace.ip("link", "set", "low", "address", "00:00:00:00:00:02")
      try namespace.ip("link", "set", "low", "master", "\(design.name)")
      #expect(try await links.links().first { $0.name == design.name }?.mac == mac)
    }
  }

  @Test func aForeignBridgeIsLeftAlone() async throws {
    try await TestNamespace.with { namespace in
      let links = LinuxLinks(in: try .named(namespace.name))
      let design = try BridgeDesign.sample(addresses: ["10.7.0.1/24"])
      try namespace.ip("link", "add", "\(design.name)", "type", "bridge")
      let before = try await links.links()
      await #expect(throws: HostError("create bridge \(design.name)", .notOurs("bridge \(design.name)"))) {
        try await links.ensureBridge(design)
      }
      try await links.removeLink(design.name, group: design.group)
      #expect(try await links.links() == before)
    }
  }

  @Test func aBridgeOfAnotherScopeWithTheSameGroupIsNotOurs() async throws {
    try await TestNamespace.with { namespace in
      let links = LinuxLinks(in: try .named(namespace.name))
      let design = try BridgeDesign.sample(addresses: [])
      try await links.ensureBridge(design)
      var other = design
      other.alias = design.alias.replacing("lab", with: "shop")
      await #expect(throws: HostError("create bridge \(design.name)", .notOurs("bridge \(design.name)"))) {
        try await links.ensureBridge(other)
      }
    }
  }

  @Test func anUnfinishedBridgeIsFinished() async throws {
    try await TestNamespace.with { namespace in
      let links = LinuxLinks(in: try .named(namespace.name))
      let design = try BridgeDesign.sample(addresses: [])
      try namespace.ip("link", "add", "\(design.name)", "group", "\(design.group)", "type", "bridge")
      try await links.ensureBridge(design)
      #expect(try await links.links().first { $0.name == design.name }?.alias == design.alias)
      try await links.removeLink(design.name, group: design.group)
      #expect(try await links.links().map { "\($0.name)" } == ["lo"])
      try await links.removeLink(design.name, group: design.group)
    }
  }
}

extension BridgeDesign {
  static func sample(addresses: [String]) throws -> BridgeDesign {
    let mark = Mark(scope: try Scope.sample, address: "bridge.lan")
    return BridgeDesign(
      name: try #require(LinkName("lab-lan")), group: mark.scope.linkGroup, alias: "\(mark)", mtu: 1400,
      addresses: try addresses.map { try #require(InterfaceAddress($0)) })
  }
}

extension Scope {
  static var sample: Scope {
    get throws { Scope(constellation: "lab", data: try #require(DataIdentity("0123456789abcdef"))) }
  }
}
