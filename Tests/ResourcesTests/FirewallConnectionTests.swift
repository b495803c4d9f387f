import Host
import HostTesting
import LinuxHost
import Netlink
import Network
import Reconcile
import Testing

@testable import Resources

/// Connections that stand when the policy is narrowed.
@Suite(.enabled(if: TestNamespace.isAvailable, "needs root and ip"), .serialized)
struct FirewallConnectionTests {
  /// Connects from three VMs, says "up", waits for a file, and tells which connections still carry bytes. Arguments: the
  /// script of packets, namespaces by `NAME=NAMESPACE`, the file.
  private static let talk = #"""
    import sys
    exec(sys.argv[1].split("job = json.loads")[0])
    spaces = dict(a.split("=") for a in sys.argv[3].split(","))
    servers = {n: within(spaces[n], lambda: listener(socket.SOCK_STREAM, 80)) for n in ("calm", "world", "host", "web")}
    def connect(name, address):
        s = within(spaces[name], lambda: socket.socket(family(address), socket.SOCK_STREAM))
        s.settimeout(2); s.connect((address, 80)); return s
    pairs = [("web", "10.77.1.11", "calm"), ("web", "fd77:0:0:1::11", "calm"), ("db", "10.77.1.11", "calm"),
             ("db", "192.0.2.9", "world"), ("world", "203.0.113.2", "web"), ("calm", "203.0.113.3", "host"),
             ("world", "10.77.0.10", "web")]
    talks = []
    for name, address, to in pairs:
        c = connect(name, address)
        end = time.monotonic() + 2
        while True:
            try: s = servers[to].accept()[0]; break
            except BlockingIOError:
                if time.monotonic() > end: raise
                time.sleep(0.01)
        s.setblocking(True); s.settimeout(1.5); talks.append((c, s))
    open(sys.argv[2] + ".up", "w").close()
    while not os.path.exists(sys.argv[2]): time.sleep(0.02)
    alive = ""
    for c, s in talks:
        try: c.send(b"x"); s.recv(1); alive += "1"
        except OSError: alive += "0"
    print(alive)
    """#

  @Test(arguments: [true, false], [true, false])
  func onlyWhatIsRefusedNowEnds(withBridgeFilter: Bool, afterAnInterruption: Bool) async throws {
    var policy = try PacketNetwork.policy()
    policy.flows = [
      try FirewallSample.flow(0, .machine("vm-web"), .machine("vm-calm"), "80"),
      try FirewallSample.flow(1, .machine("vm-db"), .machine("vm-calm")),
      try FirewallSample.flow(2, .machine("vm-calm"), .host, "80"),
      try FirewallSample.flow(3, .world, .machine("vm-web"), "80"),
      try FirewallSample.flow(4, .bridge("lan"), .bridge("quiet"), "443"),
    ]
    policy.forwards = [try FirewallSample.forward(0, 80, at: "203.0.113.2", to: 80, "10.77.0.10")]
    try await PacketNetwork.with(policy) { network in
      try network.setBridgeFilter(withBridgeFilter)
      // An address of the host that no bridge has.
      try network.host.ip("addr", "add", "203.0.113.3/24", "dev", "uplink")
      let file = "/tmp/meros-talk-\(network.host.name)"
      let spaces =
        (network.machines.map { "\($0.key)=\($0.value.name)" } + [
          "host=\(network.host.name)", "world=\(network.world.name)",
        ]).joined(separator: ",")
      async let output = network.host.runBeside(
        "python3", "-c", Self.talk, PacketScript.text, file, spaces)
      let up = try? await network.waits(for: "\(file).up")
      #expect(up == true)
      var narrowed = network.policy
      // The first flow goes; a wider one still covers the second; the others stay.
      narrowed.flows.removeFirst()
      narrowed.flows.removeLast()
      let memory = MemoryHost()
      var host = memory.host
      host.packetFilter = network.filter
      host.sockets = LinuxSockets(in: try .named(network.host.name))
      host.links = LinuxLinks(in: try .named(network.host.name))
      if afterAnInterruption {
        let begun = try #require(try await Self.change(to: narrowed, on: host))
        try await begun.setUp[0].perform(on: host)
        let reasons = try await Self.change(to: narrowed, on: host)?.reasons
        #expect(reasons?.map(\.path) == ["connections"])
      }
      let change = try #require(try await Self.change(to: narrowed, on: host))
      for action in change.setUp + change.tearDown { try await action.perform(on: host) }
      try network.host.run("touch", file)
      let alive = try await output
      try network.host.run("rm", "-f", file, "\(file).up")
      #expect(alive == "0011111\n")
      #expect(try await Self.change(to: narrowed, on: host) == nil)
    }
  }

  private static func change(to policy: FilterPolicy, on host: Host) async throws -> Change? {
    let observed = try await Firewall.observe(policy.scope, on: host)["lab"]
    return Firewall.change("lab", from: observed, to: Firewall(policy: policy), under: Circumstances())
  }
}

extension PacketNetwork {
  /// Whether the file comes within seconds.
  fileprivate func waits(for file: String) async throws -> Bool {
    for _ in 0..<400 {
      if (try? host.run("test", "-e", file)) != nil { return true }
      try await Task.sleep(for: .milliseconds(25))
    }
    return false
  }
}
