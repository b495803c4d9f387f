import Glibc
import Host
import Network
import Testing

@testable import LinuxHost

struct NameserverFileTests {
  @Test func aTableReadsAsItWasWritten() throws {
    let table = NameTable(
      try NameserverSample.lines("10.7.0.10 web web.lan", "fd00::10 web web.lan", "10.7.0.11 db.lan"))
    #expect(table.hosts == "10.7.0.10 web web.lan\nfd00::10 web web.lan\n10.7.0.11 db.lan\n")
    #expect(table.servers == "server=/db.lan/\nserver=/web.lan/\n")
    #expect(NameTable(hosts: table.hosts) == table)
    #expect(NameTable(hosts: "") == NameTable([]))
  }

  @Test(arguments: ["web 10.7.0.10\n", "10.7.0.10\n", "10.7.0 web\n"])
  func whatIsNoTableIsNotReadAsOne(_ text: String) {
    #expect(NameTable(hosts: text) == nil)
  }

  @Test(arguments: ["", ".", "..", "a/b", "../../etc", "/etc"])
  func aNameThatLeadsElsewhereHasNoFolder(_ name: String) throws {
    #expect(NameserverFolder(name, of: try Scope.sample) == nil)
  }

  @Test func nothingButTheDesignDecidesHowItStarts() throws {
    let scope = try Scope.sample
    var design = NameserverDesign(
      scope: scope, name: "lan", link: try #require(LinkName("lab-lan")), addresses: [], forwards: false, hosts: [])
    let folder = try #require(NameserverFolder("lan", of: scope))
    let closed = design.commandLine(folder)
    #expect(closed.contains("--no-resolv") && closed.contains("--interface=lab-lan"))
    design.forwards = true
    let open = design.commandLine(folder)
    #expect(open.contains("--resolv-file=/etc/resolv.conf") && !open.contains("--no-resolv"))
    #expect(open.dropLast() == closed.dropLast())
    let mark = try #require(design.environment.last?.split(separator: "=", maxSplits: 1).last)
    #expect(ProcessMark(String(mark)) == ProcessMark(design))
    #expect(ProcessMark(design).name(of: "dns") == "lan" && ProcessMark(design).name(of: "vm") == nil)
  }

  @Test func listeningPortsOfAProcessAreFound() throws {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    try unsafe withUnsafeMutablePointer(to: &address) { pointer in
      try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        try #require(unsafe bind(socket, address, length) == 0 && listen(socket, 1) == 0)
        try #require(unsafe getsockname(socket, address, &length) == 0)
      }
    }
    let port = UInt16(bigEndian: address.sin_port)
    let ports = ListeningPorts(of: getuid(), by: getpid())
    #expect(ports.contains(.v4(0x7f00_0001), port: port))
    #expect(!ListeningPorts(of: getuid() + 1, by: getpid()).contains(.v4(0x7f00_0001), port: port))
    #expect(!ports.contains(.v4(0x7f00_0002), port: port) && !ports.contains(.v6(1), port: port))
  }
}
