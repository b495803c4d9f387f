import Glibc
import Host
import HostTesting
import LinuxHost
import Network
import Testing

@testable import Resources

/// What a stream of packets sees of changes.
@Suite(.enabled(if: TestNamespace.isAvailable, "needs root and ip"))
struct FirewallGapTests {
  /// Sends to two ports of the host until a file is there, and counts what came of the denied one, what is missing of the
  /// allowed one, and what was sent. Its arguments: the script of packets, the host's namespace, the VM's, the file.
  private static let stream = #"""
    import sys
    exec(sys.argv[1].split("job = json.loads")[0])
    def bound(port):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        # SO_RCVBUFFORCE: room for all of it, so that nothing is lost but by the filter.
        s.setsockopt(socket.SOL_SOCKET, 33, 1 << 27)
        s.bind(("10.77.0.1", port)); s.setblocking(False)
        return s
    def count(s):
        n = 0
        while True:
            try: s.recv(16); n += 1
            except OSError: return n
    denied, allowed = within(sys.argv[2], lambda: bound(9999)), within(sys.argv[2], lambda: bound(53))
    sender = within(sys.argv[3], lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    sent, arrived, end = 0, 0, time.monotonic() + 120
    while not os.path.exists(sys.argv[4]) and time.monotonic() < end:
        for _ in range(20): sender.sendto(b"x", ("10.77.0.1", 9999))
        sender.sendto(b"y", ("10.77.0.1", 53)); sent += 1
        arrived += count(allowed)
        if sent == 1: open(sys.argv[4] + ".begun", "w").close()
    time.sleep(0.2)
    print(count(denied), sent - arrived - count(allowed), sent)
    """#

  @Test func noPacketSlipsThroughOrIsLostWhileThePolicyChanges() async throws {
    try await PacketNetwork.with { network in
      let vm = try #require(network.machines["web"])
      let before = try FirewallKernelTests.handles(network.host, network.tables)
      let file = "/tmp/\(network.host.name).done"
      async let output = network.host.runBeside(
        "python3", "-c", Self.stream, PacketScript.text, network.host.name, vm.name, file)
      // The machine may be busy with other tests.
      for _ in 0..<30000 where unsafe access("\(file).begun", F_OK) != 0 {
        try await Task.sleep(for: .milliseconds(20))
      }
      var policy = network.policy
      for changes in 1...1000 {
        let others = ["8000-80\(10 + changes % 50)"] + (changes % 2 == 0 ? ["\(1000 + changes % 500)/udp"] : [])
        policy.bridges[0].allowedPorts = try (["22", "53/udp"] + others).map { try #require(PortRange($0)) }
        policy.bridges[1].policy = changes % 3 == 0 ? .nat : .isolated
        var tables = policy.tables(former: ForwardingState(ipv4: true, ipv6: true))
        // Rules change too, as they do when a later version writes others.
        if changes % 5 == 0 { tables[0].chains["host_in"]?.rules.insert(Rule(.counter), at: changes % 9) }
        try await network.filter.commit(tables)
      }
      try network.host.run("touch", file)
      let after = try FirewallKernelTests.handles(network.host, network.tables)
      #expect(before == after)
      let numbers = try await output.split { !$0.isNumber && $0 != "-" }.compactMap { Int($0) }
      try network.host.run("rm", file, "\(file).begun")
      #expect(numbers.count == 3)
      #expect(numbers.first == 0, "slipped through")
      #expect(numbers.dropFirst().first == 0, "lost")
      #expect((numbers.last ?? 0) > 1000, "sent")
    }
  }
}
