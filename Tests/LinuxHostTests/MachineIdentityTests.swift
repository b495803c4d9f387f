import Host
import Network
import SystemPackage
import Testing

@testable import LinuxHost

@Suite struct MachineIdentityTests {
  private let keys = GuestKeys(
    hostPrivate: "PRIVATE\n", hostPublic: "ssh-ed25519 H\n", clientPublic: "ssh-ed25519 C x\n")

  /// Unpacks the archive with the system's tar and gives its files.
  private func unpack(_ archive: [UInt8], _ body: (FilePath) throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appending("identity.tar")
      try file.replaceContents(archive)
      try await Program("tar", ["-x", "-p", "-f", file.string, "-C", folder.string]).run("unpack")
      try body(folder)
    }
  }

  private func design(_ change: (inout MachineDesign) throws -> Void = { _ in }) throws -> MachineDesign {
    let data = try #require(DataIdentity("0123456789abcdef"))
    var design = try MachineDesign.sample(Scope(constellation: "lab", data: data))
    try change(&design)
    return design
  }

  @Test func tarReadsWhatTheGuestIsGiven() async throws {
    let design = try design { design in
      design.identity.hosts = [.init(address: try #require(IPAddress("10.0.10.21")), names: ["web", "web.lan"])]
      design.networks[0].nameservers = [try #require(IPAddress("10.0.10.1"))]
      design.disks.append(.init(name: "web/b", serial: "b", mountPoint: "/srv/b", fileSystem: "ext4"))
      design.disks.append(.init(name: "web/a", serial: "a", mountPoint: "/srv", fileSystem: nil))
    }
    try await unpack(design.identityArchive(keys, modules: true)) { (folder) throws in
      #expect(try folder.appending("root/etc/hostname").text() == "web\n")
      #expect(try folder.appending("root/etc/resolv.conf").text() == "nameserver 10.0.10.1\n")
      let hostKey = folder.appending("root/etc/ssh/ssh_host_ed25519_key")
      #expect(try hostKey.text() == "PRIVATE\n")
      #expect(try hostKey.stat().permissions == [.ownerReadWrite])
      #expect(
        try folder.appending("hosts").text()
          == "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n10.0.10.21 web web.lan\n")
      #expect(try folder.appending("authorized_keys").text() == "ssh-ed25519 C x\nssh-ed25519 one, two\n")
      #expect(try folder.appending("user").text() == "ann")
      #expect(
        try folder.appending("network").text()
          == "link 52:54:00:00:00:01\nmtu 1500\naddress 10.0.10.21/24\nup yes\ngateway 10.0.10.1\n")
      #expect(
        try folder.appending("mounts").text()
          == "modules ext4 ro /lib/modules\na auto rw /srv\nb ext4 rw /srv/b\n")
    }
  }

  @Test func theGuestKeepsItsResolverWhenNoneIsGiven() async throws {
    try await unpack(try design().identityArchive(keys, modules: false)) { (folder) throws in
      #expect(!folder.appending("root/etc/resolv.conf").exists)
      #expect(try folder.appending("mounts").text() == "")
      #expect(try folder.appending("hosts").text().contains("127.0.1.1 web\n"))
    }
  }

  @Test func aKeyWithALineEndIsStillOneLine() async throws {
    let design = try design { $0.identity.authorizedKeys = ["ssh-ed25519 A\nssh-ed25519 B"] }
    try await unpack(design.identityArchive(keys, modules: false)) { (folder) throws in
      #expect(try folder.appending("authorized_keys").text() == "ssh-ed25519 C x\nssh-ed25519 A ssh-ed25519 B\n")
    }
  }

  @Test func equalDesignsGiveEqualBytes() throws {
    let design = try design()
    #expect(design.identityArchive(keys, modules: false) == design.identityArchive(keys, modules: false))
  }

  @Test func theInitScriptIsOneThatBusyboxUnderstands() async throws {
    try await withTemporaryFolder { folder in
      let script = folder.appending("init")
      try script.write(GuestInit.script)
      try await Program("busybox", ["sh", "-n", script.string]).run("read init")
    }
  }
}
