import Glibc
import HostTesting
import SystemPackage
import Testing

/// What the host forwards for others while a constellation comes, changes and goes.
@Suite(.enabled(if: Ground.isAvailable, "needs root, network namespaces and QEMU"))
struct UnrelatedTrafficTests {
  /// Sends numbered datagrams from one namespace to another until a file is there, then waits for those that are still on
  /// their way, and prints what was sent and what is missing, of IPv4 and of IPv6. Its arguments: both namespaces, the file.
  private static let stream = #"""
    import ctypes, os, socket, sys, time
    libc = ctypes.CDLL(None)
    def enter(space):
        if libc.setns(os.open("/run/netns/" + space, os.O_RDONLY), 0x40000000) != 0: raise OSError("setns")
    def count(s):
        n = 0
        while True:
            try: s.recv(16); n += 1
            except OSError: return n
    pairs = []
    for family, address in ((socket.AF_INET, "198.51.100.2"), (socket.AF_INET6, "2001:db8:2::2")):
        enter(sys.argv[2])
        receiver = socket.socket(family, socket.SOCK_DGRAM)
        # SO_RCVBUFFORCE: room for all of it.
        receiver.setsockopt(socket.SOL_SOCKET, 33, 1 << 27)
        receiver.bind((address, 9000)); receiver.setblocking(False)
        enter(sys.argv[1])
        sender = socket.socket(family, socket.SOCK_DGRAM); sender.connect((address, 9000))
        pairs.append([sender, receiver, 0, 0])
    end = time.monotonic() + 1200
    while not os.path.exists(sys.argv[3]) and time.monotonic() < end:
        for pair in pairs:
            pair[0].send(b"x"); pair[2] += 1
            pair[3] += count(pair[1])
        if pairs[0][2] == 10: open(sys.argv[3] + ".begun", "w").close()
        time.sleep(0.001)
    end = time.monotonic() + 30
    while any(pair[2] > pair[3] for pair in pairs) and time.monotonic() < end:
        for pair in pairs: pair[3] += count(pair[1])
        time.sleep(0.01)
    print(*[n for pair in pairs for n in (pair[2], pair[2] - pair[3])])
    """#

  private static func manifest(_ number: Int) -> String {
    """
    bridges:
      lan:
        {subnet: 10.31.0.1/24, subnet6: "fd31::1/64", dns: false, allowed_ports: [\(1000 + number), 2000-\(2100 + number)],
         policy_type: \(["nat", "host-access", "routed", "open"][number % 4])}
      quiet: {subnet: 10.31.1.1/24, dns: false, policy_type: isolated, peers: \(number % 10 < 5 ? "open" : "isolated")}
    flows: [{from: world, to: web, ports: [\(80 + number % 7)]}]
    forwards: [{host: \(8080 + number % 3), to: web, port: 80}]
    virtual_machines:
      web: {networks: [{bridge: lan, ip_addr: [10.31.0.10, "fd31::10"]}]}
    """
  }

  @Test func whatTheHostForwardsForOthersIsNeverInterrupted() async throws {
    try await Ground.with { ground in
      try await TestNamespace.with { left in
        try await TestNamespace.with { right in
          try Self.join(ground.namespace, left, right)
          let file = ground.folder.appending("done").string
          async let output = ground.namespace.runBeside("python3", "-c", Self.stream, left.name, right.name, file)
          for _ in 0..<30000 where unsafe access("\(file).begun", F_OK) != 0 {
            try await Task.sleep(for: .milliseconds(20))
          }
          let laboratory = try Laboratory.withoutMachines(ground)
          for number in 0...100 { try await laboratory.apply(Self.manifest(number)) }
          try await laboratory.apply(nil)
          try ground.write("", to: "done")
          let numbers = try await output.split { !$0.isNumber && $0 != "-" }.compactMap { Int($0) }
          #expect(numbers.count == 4)
          for (sent, lost) in zip(numbers, numbers.dropFirst()).enumerated().filter({ $0.offset % 2 == 0 }).map(
            \.element)
          {
            #expect(sent > 1000 && lost == 0, "\(lost) of \(sent) lost")
          }
        }
      }
    }
  }

  /// Two networks of others, and the host that forwards between them.
  private static func join(_ host: TestNamespace, _ left: TestNamespace, _ right: TestNamespace) throws {
    try host.run(
      "sh", "-ec",
      """
      sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv6.conf.default.accept_dad=0
      ip link set lo up
      ip link add left type veth peer name eth0 netns \(left.name)
      ip link add right type veth peer name eth0 netns \(right.name)
      ip link set left up; ip link set right up
      ip addr add 203.0.113.1/24 dev left; ip addr add 2001:db8:1::1/64 dev left nodad
      ip addr add 198.51.100.1/24 dev right; ip addr add 2001:db8:2::1/64 dev right nodad
      """)
    for (space, address, address6) in [(left, "203.0.113.", "2001:db8:1::"), (right, "198.51.100.", "2001:db8:2::")] {
      try space.run(
        "sh", "-ec",
        """
        sysctl -qw net.ipv6.conf.default.accept_dad=0; ip link set lo up; ip link set eth0 up
        ip addr add \(address)2/24 dev eth0; ip addr add \(address6)2/64 dev eth0 nodad
        ip route add default via \(address)1; ip -6 route add default via \(address6)1
        ping -n -c1 -w60 \(address)1 >/dev/null; ping -n -c1 -w60 \(address6)1 >/dev/null
        """)
    }
    try left.run("sh", "-ec", "ping -n -c1 -w60 198.51.100.2 >/dev/null; ping -n -c1 -w60 2001:db8:2::2 >/dev/null")
  }
}
