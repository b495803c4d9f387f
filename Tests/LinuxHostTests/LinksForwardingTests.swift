import Host
import HostTesting
import LinuxHost
import Netlink
import Testing

@Suite(.enabled(if: TestNamespace.isAvailable, "needs root, /dev/net/tun and ip"))
struct LinksForwardingTests {
  @Test func forwardingIsSwitchedAndPutBackWithoutATrace() async throws {
    try await TestNamespace.with { namespace in
      let forwarding = LinuxForwarding(in: try .named(namespace.name))
      let off = ForwardingState(ipv4: false, ipv6: false)
      let on = ForwardingState(ipv4: true, ipv6: true)
      try await forwarding.set(off)
      let before = try settings(namespace)
      try await forwarding.set(on)
      #expect(try await forwarding.state() == on)
      try await forwarding.set(off)
      #expect(try await forwarding.state() == off)
      #expect(try settings(namespace) == before)
    }
  }

  @Test func aLinkWithAnAdvertisedRouteGoesOnListening() async throws {
    try await TestNamespace.with { namespace in
      let forwarding = LinuxForwarding(in: try .named(namespace.name))
      try namespace.ip("link", "add", "uplink", "type", "bridge")
      try namespace.ip("link", "set", "uplink", "up")
      try namespace.ip("-6", "route", "add", "default", "via", "fe80::1", "dev", "uplink", "proto", "ra")
      try namespace.ip("link", "add", "other", "type", "bridge")
      let accept = ["/proc/sys/net/ipv6/conf/uplink/accept_ra", "/proc/sys/net/ipv6/conf/other/accept_ra"]
      #expect(try namespace.run("cat", accept[0], accept[1]) == "1\n1\n")
      try await forwarding.set(ForwardingState(ipv4: false, ipv6: true))
      #expect(try namespace.run("cat", accept[0], accept[1]) == "2\n1\n")
      try await forwarding.set(ForwardingState(ipv4: false, ipv6: false))
      #expect(try namespace.run("cat", accept[0], accept[1]) == "1\n1\n")
    }
  }

  private func settings(_ namespace: TestNamespace) throws -> [Substring] {
    try namespace.run("sysctl", "-a", "-r", "^net[.]ipv[46]").split(separator: "\n")
      .filter { !$0.contains("stable_secret") }
  }
}
