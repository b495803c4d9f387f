import Host
import HostTesting
import LinuxHost
import NFTables
import Netlink
import Network
import Testing

@testable import Resources

/// Tables of others in the namespace that the filter works in.
@Suite(.enabled(if: TestNamespace.isAvailable, "needs root and ip"))
struct FirewallForeignTests {
  /// In the shapes that docker, firewalld and libvirt make.
  private static let others = """
    table ip nat {
      chain DOCKER { iifname "docker0" counter return; tcp dport 8080 counter dnat to 172.17.0.2:80; }
      chain PREROUTING { type nat hook prerouting priority dstnat; policy accept; fib daddr type local counter jump DOCKER; }
      chain POSTROUTING { type nat hook postrouting priority srcnat; oifname != "docker0" ip saddr 172.17.0.0/16 counter masquerade; }
    }
    table ip filter {
      chain DOCKER-USER { counter return; }
      chain FORWARD { type filter hook forward priority filter; policy drop; counter jump DOCKER-USER; oifname "docker0" ct state related,established counter accept; }
    }
    table inet firewalld {
      set zones { type ifname; elements = { "eth0", "wlan0" }; }
      chain filter_INPUT { type filter hook input priority filter + 10; policy accept; ct state { established, related } accept; iifname @zones goto filter_IN_public; reject with icmpx admin-prohibited; }
      chain filter_IN_public { tcp dport 22 accept; log prefix "public: "; reject; }
    }
    table ip libvirt_network {
      chain forward { type filter hook forward priority filter; policy accept; counter jump guest_output; }
      chain guest_output { ip saddr 192.168.122.0/24 iifname "virbr0" counter accept; iifname "virbr0" counter reject; }
    }
    """

  private static func listing(_ space: TestNamespace) throws -> String {
    try space.run(
      "sh", "-ec",
      """
      for t in "ip nat" "ip filter" "inet firewalld" "ip libvirt_network"; do nft -a list table $t; done \
      | sed 's/packets [0-9]* bytes [0-9]*//'
      """)
  }

  @Test func tablesOfOthersStayAsTheyAreThroughAHundredUpdates() async throws {
    try await TestNamespace.with { space in
      try space.run("sh", "-ec", "nft -f - <<'END'\n\(Self.others)\nEND")
      let before = try Self.listing(space)
      #expect(before.contains("DOCKER-USER") && before.contains("filter_IN_public"))
      let filter = LinuxPacketFilter(in: try .named(space.name))
      var policy = try FirewallSample.policy()
      let former = ForwardingState(ipv4: false, ipv6: false)
      for number in 0..<100 {
        policy.bridges[0].allowedPorts = [PortRange(UInt16(1000 + number)...UInt16(2000 + number * 3), .tcp)]
        policy.bridges[1].policy = number % 2 == 0 ? .nat : .isolated
        policy.flows = Array(try FirewallSample.flows().prefix(number % 12))
        try await filter.commit(policy.tables(former: former))
      }
      #expect(try Self.listing(space) == before)
      try await filter.remove(Set(policy.tables(former: former).map(\.identity)))
      #expect(try Self.listing(space) == before)
    }
  }

  @Test func twoHundredUpdatesArriveWhileAnotherProcessCommitsWithoutEnd() async throws {
    try await TestNamespace.with { space in
      let end = "/tmp/\(space.name).end"
      let script = """
        n=0; until [ -e \(end) ] || [ $n -gt 60000 ]; do
          sleep 0.01; n=$((n + 1)); echo "add table ip other$((n % 7))"; echo "delete table ip other$((n % 7))"
        done | nft -i >/dev/null; rm -f \(end)
        """
      async let other = space.runBeside("sh", "-c", script)
      let filter = LinuxPacketFilter(in: try .named(space.name))
      var session = try FilterSession.open(in: .named(space.name))
      let before = try session.generation()
      try await eventually { try session.generation() > before + 20 }
      var policy = try FirewallSample.policy()
      let former = ForwardingState(ipv4: false, ipv6: false)
      let started = try session.generation()
      for number in 0..<200 {
        policy.bridges[0].allowedPorts = [PortRange(UInt16(1000 + number)...UInt16(2000 + number * 3), .tcp)]
        policy.flows = Array(try FirewallSample.flows().prefix(number % 12))
        try await filter.commit(policy.tables(former: former))
      }
      // The other one went on all the while.
      #expect(try session.generation() > started + 300)
      try space.run("touch", end)
      _ = try await other
      let tables = policy.tables(former: former)
      let observed = try await filter.observe(Set(tables.map(\.identity)))
      #expect(observed == tables.sorted { $0.identity < $1.identity })
    }
  }

  @Test func aTableThatAnotherProcessOwnsIsNamedAndLeftAlone() async throws {
    try await TestNamespace.with { space in
      let end = "/tmp/\(space.name).end"
      let script = """
        (echo 'add table inet meros_lab { flags owner; }'; for i in $(seq 6000); do [ -e \(end) ] || sleep 0.1; done) \
        | nft -i; rm -f \(end)
        """
      async let owner = space.runBeside("sh", "-c", script)
      let filter = LinuxPacketFilter(in: try .named(space.name))
      try await eventually { try await filter.tables().contains(where: \.isOwned) }
      let before = try await filter.tables()
      #expect(before.map(\.isOwned) == [true])
      let tables = try FirewallSample.policy().tables(former: ForwardingState(ipv4: true, ipv6: true))
      do {
        try await filter.commit(tables)
        Issue.record("a table that somebody owns was changed")
      } catch let error as HostError {
        guard case .refused(let refusals) = error.cause else { throw error }
        #expect(refusals.contains { $0.object.hasSuffix("table inet meros_lab") && $0.errno == 1 }, "\(refusals)")
      }
      #expect(try await filter.tables() == before)
      try space.run("touch", end)
      _ = try await owner
    }
  }
}
