import Glibc
import Host
import HostTesting
import Netlink
import Network
import SystemPackage
import Testing

@testable import LinuxHost

/// Real name servers, each in a network namespace of its own, asked over its bridge.
@Suite(.serialized, .enabled(if: NameserverSample.isAvailable, "needs root, /dev/net/tun, ip and dnsmasq"))
struct NameserverKernelTests {
  @Test func namesAndAddressesOfMachinesAreAnsweredOverTheBridge() async throws {
    try await NameserverSample.with { sample in
      try await sample.servers.ensure(sample.design)
      #expect(try sample.ask("web") == "NOERROR 10.7.0.10")
      #expect(try sample.ask("web.lan") == "NOERROR 10.7.0.10")
      #expect(try sample.ask("WEB.lan", "AAAA", at: "fd00:7::1") == "NOERROR fd00:7::10")
      #expect(try sample.ask("10.0.7.10.in-addr.arpa", "PTR") == "NOERROR web")
      #expect(try sample.ask("11.0.7.10.in-addr.arpa", "PTR") == "NOERROR db")
      // A name that is known has no address of that family; one that is not known is not there.
      #expect(try sample.ask("db.lan", "AAAA") == "NOERROR")
      #expect(try sample.ask("db", "AAAA") == "NOERROR")
      #expect(try sample.ask("mail") == "NXDOMAIN")
      #expect(try sample.ask("99.0.7.10.in-addr.arpa", "PTR") == "NXDOMAIN")
    }
  }

  @Test func whereItDoesNotForwardTheOutsideIsRefused() async throws {
    try await NameserverSample.with { sample in
      try await sample.servers.ensure(sample.design)
      #expect(try sample.ask("www.example.org") == "REFUSED")
    }
  }

  @Test func itListensOnTheBridgeAlone() async throws {
    try await NameserverSample.with { sample in
      try sample.namespace.ip("link", "set", "lo", "up")
      try sample.namespace.ip("link", "add", "other", "type", "bridge")
      try sample.namespace.ip("address", "add", "10.8.0.1/24", "dev", "other")
      try sample.namespace.ip("link", "set", "other", "up")
      try await sample.servers.ensure(sample.design)
      #expect(try sample.ask("web", from: sample.namespace) == "NOERROR 10.7.0.10")
      #expect(try sample.ask("web", at: "127.0.0.1", from: sample.namespace) == nil)
      #expect(try sample.ask("web", at: "10.8.0.1", from: sample.namespace) == nil)
      let pid = try #require(try await sample.observed()?.pid)
      for file in ["udp", "udp6", "tcp", "tcp6"] {
        let sockets = try FilePath("/proc/\(pid)/net/\(file)").text().split(separator: "\n").dropFirst()
        let places = sockets.compactMap { $0.split(separator: " ").dropFirst().first }.filter { $0.hasSuffix(":0035") }
        // The bridge's own address, and in IPv6 its link-local one.
        #expect(places.allSatisfy { !$0.allSatisfy { "0:35".contains($0) } }, "\(file): \(places)")
      }
    }
  }

  @Test func itRunsAsAUserOfTheConstellationWithOneRight() async throws {
    try await NameserverSample.with { sample in
      try await sample.servers.ensure(sample.design)
      let pid = try #require(try await sample.observed()?.pid)
      let status = try FilePath("/proc/\(pid)/status").text().split(separator: "\n").map(String.init)
      let uid = "\(sample.scope.uid)"
      #expect(status.contains("Uid:\t\(uid)\t\(uid)\t\(uid)\t\(uid)"))
      #expect(status.contains("Gid:\t\(uid)\t\(uid)\t\(uid)\t\(uid)"))
      #expect(status.contains("NoNewPrivs:\t1"))
      // CAP_NET_BIND_SERVICE is number 10.
      for name in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
        #expect(status.contains("\(name):\t0000000000000400"))
      }
      #expect(try NetworkNamespace.identity(of: pid) == NetworkNamespace.named(sample.namespace.name).identity())
      #expect(getsid(pid) == pid)
    }
  }

  @Test func newNamesReachTheOneThatRuns() async throws {
    try await NameserverSample.with { sample in
      try await sample.servers.ensure(sample.design)
      let before = try #require(try await sample.observed())
      #expect(before.hosts == sample.design.hosts && before.attributes == sample.design.attributes)
      var design = sample.design
      design.hosts = try NameserverSample.lines("10.7.0.10 web web.lan", "10.7.0.12 mail mail.lan")
      try await sample.servers.ensure(design)
      #expect(try sample.ask("mail") == "NOERROR 10.7.0.12")
      #expect(try sample.ask("mail.lan", "AAAA") == "NOERROR")
      #expect(try sample.ask("db") == "NXDOMAIN")
      let after = try #require(try await sample.observed())
      #expect(after.pid == before.pid && after.hosts == design.hosts)
    }
  }

  @Test func oneThatWasKilledIsSeenAndStartedAnew() async throws {
    try await NameserverSample.with { sample in
      try await sample.servers.ensure(sample.design)
      let pid = try #require(try await sample.observed()?.pid)
      try sample.namespace.run("kill", "-KILL", "\(pid)")
      while try await sample.observed()?.pid != nil { try await Task.sleep(for: .milliseconds(5)) }
      let gone = try #require(try await sample.observed())
      #expect(gone.pid == nil && gone.hosts == nil)
      try await sample.servers.ensure(sample.design)
      #expect(try sample.ask("web") == "NOERROR 10.7.0.10")
      #expect(try await sample.observed()?.pid != pid)
    }
  }

  @Test func filesThatSomebodyChangedAreSeenAndWrittenAnew() async throws {
    try await NameserverSample.with { sample in
      try await sample.servers.ensure(sample.design)
      let folder = try #require(NameserverFolder("lan", of: sample.scope))
      try folder.hosts.write("10.7.0.66 web\n")
      #expect(try await sample.observed()?.hosts == nil)
      try await sample.servers.ensure(sample.design)
      #expect(try await sample.observed()?.hosts == sample.design.hosts)
      try folder.path.removeTree()
      #expect(try await sample.observed()?.hosts == nil)
      try await sample.servers.ensure(sample.design)
      #expect(try sample.ask("web") == "NOERROR 10.7.0.10")
    }
  }

  @Test func itFollowsABridgeThatIsMadeAnew() async throws {
    try await NameserverSample.with { sample in
      try await sample.servers.ensure(sample.design)
      let before = try #require(try await sample.observed())
      try await sample.renewBridge()
      #expect(try sample.ask("web") == "NOERROR 10.7.0.10")
      #expect(try sample.ask("web", "AAAA", at: "fd00:7::1") == "NOERROR fd00:7::10")
      #expect(try await sample.observed() == before)
    }
  }

  @Test func itAnswersAtANewAddressOfTheBridge() async throws {
    try await NameserverSample.with { sample in
      try await sample.servers.ensure(sample.design)
      var bridge = sample.bridge
      bridge.addresses = [try #require(InterfaceAddress("10.7.0.254/24"))]
      try await sample.links.ensureBridge(bridge)
      #expect(try sample.ask("web", at: "10.7.0.254") == "NOERROR 10.7.0.10")
    }
  }

  @Test func aPortThatSomebodyHoldsIsToldInDnsmasqsWords() async throws {
    try await NameserverSample.with { sample in
      try await sample.servers.ensure(sample.design)
      var other = sample.design
      other.scope = Scope(constellation: "other", data: sample.scope.data)
      let error = await #expect(throws: HostError.self) { try await sample.servers.ensure(other) }
      guard case .program(let failure) = try #require(error).cause else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(failure.lastLines.contains { $0.contains("Address already in use") })
      #expect(try await sample.servers.nameservers(of: other.scope).map(\.pid) == [nil])
      try await sample.servers.remove("lan", of: other.scope)
      #expect(try await sample.servers.nameservers(of: other.scope) == [])
    }
  }

  @Test func whatIsRemovedLeavesNothing() async throws {
    try await NameserverSample.with { sample in
      try await sample.servers.ensure(sample.design)
      let pid = try #require(try await sample.observed()?.pid)
      let folder = try #require(NameserverFolder("lan", of: sample.scope)).path
      try await sample.servers.remove("lan", of: sample.scope)
      #expect(try await sample.observed() == nil)
      #expect(UserProcesses.commandLine(of: pid) == nil)
      #expect(!folder.exists && !folder.removingLastComponent().removingLastComponent().exists)
      try await sample.servers.remove("lan", of: sample.scope)
    }
  }

  @Test func oneInAnotherNamespaceIsNotTakenForThisOne() async throws {
    try await NameserverSample.with { sample in
      try await sample.servers.ensure(sample.design)
      let elsewhere = LinuxNameservers(in: try .named(sample.client.name))
      #expect(try await elsewhere.nameservers(of: sample.scope) == [])
      await #expect(throws: HostError.self) { try await elsewhere.ensure(sample.design) }
      try await elsewhere.remove("lan", of: sample.scope)
      #expect(try sample.ask("web") == "NOERROR 10.7.0.10")
    }
  }
}
