import Glibc
import Host
import HostTesting
import LinuxHost
import Network
import Testing

@testable import Resources

/// What the host forwards for others while our tables come, change and go.
@Suite(.enabled(if: TestNamespace.isAvailable, "needs root and ip"))
struct FirewallThroughTests {
  /// Sends from one namespace to another until a file is there, and says how many were lost and sent. Arguments: the
  /// script of packets, the receiver's namespace, the sender's, the file.
  private static let stream = #"""
    import sys
    exec(sys.argv[1].split("job = json.loads")[0])
    def bound():
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        # SO_RCVBUFFORCE
        s.setsockopt(socket.SOL_SOCKET, 33, 1 << 27)
        s.bind(("198.18.0.2", 9)); s.setblocking(False)
        return s
    receiver = within(sys.argv[2], bound)
    sender = within(sys.argv[3], lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    sent, arrived, end = 0, 0, time.monotonic() + 300
    def count():
        n = 0
        while True:
            try: receiver.recv(16); n += 1
            except OSError: return n
    while not os.path.exists(sys.argv[4]) and time.monotonic() < end:
        sender.sendto(b"x", ("198.18.0.2", 9)); sent += 1
        if sent % 50 == 0: arrived += count()
        if sent == 50: open(sys.argv[4] + ".begun", "w").close()
    time.sleep(0.2)
    print(sent - arrived - count(), sent)
    """#

  @Test func whatIsForwardedForOthersIsNeverInterrupted() async throws {
    try await TestNamespace.with { other in
      try await PacketNetwork.with { network in
        try network.host.run(
          "sh", "-ec",
          "ip link add other type veth peer name eth0 netns \(other.name); ip link set other up; ip addr add 198.18.0.1/24 dev other"
        )
        try other.run(
          "sh", "-ec", "ip link set eth0 up; ip addr add 198.18.0.2/24 dev eth0; ip route add default via 198.18.0.1")
        try network.world.ip("route", "add", "198.18.0.0/24", "via", "203.0.113.2")
        let file = "/tmp/\(network.host.name).through"
        async let output = network.host.run(
          "python3", "-c", Self.stream, PacketScript.text, other.name, network.world.name, file)
        for _ in 0..<30000 where unsafe access("\(file).begun", F_OK) != 0 {
          try await Task.sleep(for: .milliseconds(20))
        }
        var policy = network.policy
        for changes in 0..<100 {
          policy.bridges[0].allowedPorts = [PortRange(UInt16(1000 + changes)...UInt16(2000 + changes), .tcp)]
          policy.bridges[1].policy = changes % 2 == 0 ? .nat : .isolated
          try await network.filter.commit(policy.tables(former: ForwardingState(ipv4: true, ipv6: true)))
          if changes % 10 == 9 { try await network.filter.remove(Set(network.tables.map(\.identity))) }
        }
        try network.host.run("touch", file)
        let numbers = try await output.split { !$0.isNumber && $0 != "-" }.compactMap { Int($0) }
        try network.host.run("rm", file, "\(file).begun")
        #expect(numbers.first == 0, "lost")
        #expect(numbers.count == 2 && (numbers.last ?? 0) > 1000, "sent")
      }
    }
  }
}
