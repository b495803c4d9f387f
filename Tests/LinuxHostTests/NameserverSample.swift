import Host
import HostTesting
import Netlink
import Network
import Testing

@testable import LinuxHost

/// A network namespace with a bridge of a constellation and a client at the other end of a cable, in a namespace of its
/// own.
struct NameserverSample {
  let namespace: TestNamespace
  let client: TestNamespace
  let servers: LinuxNameservers
  let links: LinuxLinks
  let bridge: BridgeDesign
  var design: NameserverDesign
  var scope: Scope { design.scope }

  static var isAvailable: Bool {
    TestNamespace.isAvailable && (try? LinuxMachines.program("dnsmasq", "")) != nil
  }

  /// Ends whatever still runs when `body` is done.
  static func with(_ body: (NameserverSample) async throws -> Void) async throws {
    try await TestNamespace.with { namespace in
      try await TestNamespace.with { client in
        let sample = try await NameserverSample(namespace, client)
        do {
          try await body(sample)
        } catch {
          try await sample.servers.remove("lan", of: sample.scope)
          throw error
        }
        try await sample.servers.remove("lan", of: sample.scope)
      }
    }
  }

  private init(_ namespace: TestNamespace, _ client: TestNamespace) async throws {
    self.namespace = namespace
    self.client = client
    let home = try NetworkNamespace.named(namespace.name)
    servers = LinuxNameservers(in: home)
    links = LinuxLinks(in: home)
    let scope = Scope(constellation: "lab", data: .random())
    bridge = BridgeDesign(
      name: try #require(LinkName("lab-lan")), group: scope.linkGroup,
      alias: "\(Mark(scope: scope, address: "bridge.lan"))", mtu: 1500,
      addresses: [try #require(InterfaceAddress("10.7.0.1/24")), try #require(InterfaceAddress("fd00:7::1/64"))])
    design = NameserverDesign(
      scope: scope, name: "lan", link: bridge.name, addresses: bridge.addresses.map(\.address), forwards: false,
      hosts: try Self.lines("10.7.0.10 web web.lan", "fd00:7::10 web web.lan", "10.7.0.11 db db.lan"))
    try await links.ensureBridge(bridge)
    try plug()
    try client.ip("address", "add", "10.7.0.9/24", "dev", "eth0")
    try client.ip("address", "add", "fd00:7::9/64", "dev", "eth0", "nodad")
  }

  private func plug() throws {
    try namespace.ip("link", "add", "cable", "type", "veth", "peer", "name", "eth0", "netns", client.name)
    try namespace.ip("link", "set", "cable", "master", "lab-lan", "up")
    try client.ip("link", "set", "eth0", "up")
  }

  /// Deletes the bridge and makes it anew, with the cable in it.
  func renewBridge() async throws {
    try await links.removeLink(bridge.name, group: bridge.group)
    try await links.ensureBridge(bridge)
    try namespace.ip("link", "set", "cable", "master", "lab-lan", "up")
  }

  static func lines(_ texts: String...) throws -> [GuestIdentity.HostLine] {
    try #require(NameTable(hosts: texts.joined(separator: "\n"))).lines
  }

  func observed() async throws -> ObservedNameserver? {
    try await servers.nameservers(of: scope).first
  }

  /// What the client is answered: the code of the answer (RFC 1035, section 4.1.1), then the addresses or names; nil
  /// where there is no answer.
  func ask(
    _ name: String, _ type: String = "A", at server: String = "10.7.0.1", from asker: TestNamespace? = nil
  ) throws -> String? {
    let answer = try (asker ?? client).run("python3", "-c", Self.question, name, type, server)
    let text = answer.split(separator: "\n").joined()
    return text == "none" ? nil : text
  }

  private static let question = #"""
    import ipaddress, socket, struct, sys
    name, kind, server = sys.argv[1:]
    number = {"A": 1, "PTR": 12, "AAAA": 28}[kind]
    def encoded(name):
        return b"".join(bytes([len(p)]) + p.encode() for p in name.split(".") if p) + b"\0"
    def skip(data, at):
        while data[at]:
            if data[at] >= 192: return at + 2
            at += data[at] + 1
        return at + 1
    def read(data, at):
        labels = []
        while data[at]:
            if data[at] >= 192:
                at = (data[at] & 63) << 8 | data[at + 1]
                continue
            labels.append(data[at + 1:at + 1 + data[at]].decode())
            at += data[at] + 1
        return ".".join(labels)
    query = struct.pack(">6H", 7, 0x100, 1, 0, 0, 0) + encoded(name) + struct.pack(">2H", number, 1)
    s = socket.socket(socket.AF_INET6 if ":" in server else socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(0.5)
    data = None
    for attempt in range(4):
        try:
            s.connect((server, 53))
            s.send(query)
            data = s.recv(4096)
            break
        except OSError:
            pass
    if data is None:
        print("none")
        sys.exit()
    answers = []
    at = skip(data, 12) + 4
    for _ in range(struct.unpack(">H", data[6:8])[0]):
        at = skip(data, at)
        found, _, _, length = struct.unpack(">2HIH", data[at:at + 10])
        at += 10
        if found == number:
            answers.append(read(data, at) if found == 12 else str(ipaddress.ip_address(data[at:at + length])))
        at += length
    code = {0: "NOERROR", 2: "SERVFAIL", 3: "NXDOMAIN", 5: "REFUSED"}.get(data[3] & 15, "?")
    print(" ".join([code] + sorted(answers)))
    """#
}
