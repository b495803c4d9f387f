import Host
import Network
import QMP
import Testing

@testable import LinuxHost

@Suite struct NetworkFilesTests {
  private func networks() throws -> [MachineDesign.Interface] {
    let data = try #require(DataIdentity("0123456789abcdef"))
    var design = try MachineDesign.sample(Scope(constellation: "lab", data: data))
    design.networks[0].addresses += [
      try #require(InterfaceAddress("10.0.10.22/24")), try #require(InterfaceAddress("fd00::21/64")),
    ]
    design.networks[0].gateways.append(try #require(IPAddress("fd00::1")))
    design.networks[0].offeredNameservers = [try #require(IPAddress("10.0.10.1"))]
    var other = design.networks[0]
    other.mac = try #require(MACAddress("52:54:00:00:00:02"))
    (other.addresses, other.gateways, other.offeredNameservers) = ([], [], [])
    return design.networks + [other]
  }

  private func file(_ name: String) throws -> String {
    try #require(NetworkFiles(try networks()).all.first { $0.name == name }?.text)
  }

  @Test func systemdKnowsInterfacesByTheirAddresses() throws {
    #expect(
      try file("networkd/05-meros-0.network") == """
        # Written by meros at every start.
        [Match]
        MACAddress=52:54:00:00:00:01

        [Link]
        MTUBytes=1500

        [Network]
        DHCP=no
        IPv6AcceptRA=no
        Address=10.0.10.21/24
        Address=10.0.10.22/24
        Address=fd00::21/64
        Gateway=10.0.10.1
        Gateway=fd00::1
        DNS=10.0.10.1

        """)
    #expect(try file("networkd/05-meros-1.network").hasSuffix("[Network]\nDHCP=no\nIPv6AcceptRA=no\n"))
  }

  @Test func networkManagerIsToldOfBothFamilies() throws {
    #expect(
      try file("networkmanager/meros-0.nmconnection") == """
        # Written by meros at every start.
        [connection]
        id=meros-0
        type=ethernet
        autoconnect-priority=999

        [ethernet]
        mac-address=52:54:00:00:00:01
        mtu=1500

        [ipv4]
        method=manual
        address1=10.0.10.21/24
        address2=10.0.10.22/24
        gateway=10.0.10.1
        dns=10.0.10.1;

        [ipv6]
        method=manual
        address1=fd00::21/64
        gateway=fd00::1

        """)
    #expect(
      try file("networkmanager/meros-1.nmconnection").hasSuffix(
        "\n[ipv4]\nmethod=disabled\n\n[ipv6]\nmethod=link-local\n"))
  }

  @Test func ifupdownGetsNamesThatUdevGives() throws {
    #expect(try file("link/05-meros-1.link").hasSuffix("MACAddress=52:54:00:00:00:02\n\n[Link]\nName=meros1\n"))
    #expect(
      try file("interfaces") == """
        # Written by meros at every start.
        auto lo
        iface lo inet loopback

        auto meros0
        iface meros0 inet static
            address 10.0.10.21/24
            mtu 1500
            gateway 10.0.10.1
            up ip addr add 10.0.10.22/24 dev meros0
        iface meros0 inet6 static
            address fd00::21/64
            mtu 1500
            gateway fd00::1

        auto meros1
        iface meros1 inet manual
            up ip link set dev meros1 up

        """)
    #expect(
      try file("interfaces.openrc")
        == file("interfaces").replacing("meros0", with: "eth0").replacing("meros1", with: "eth1"))
  }

  @Test func netplanAndCloudInitReadTheSame() throws {
    let text = try file("netplan.yaml").split(separator: "\n").last.map(String.init) ?? ""
    let ethernets = try #require(JSON(parsing: text)?["network"]?["ethernets"])
    let first = try #require(ethernets["meros0"])
    #expect(first["match"] == ["macaddress": "52:54:00:00:00:01"] && first["set-name"] == "meros0")
    #expect(first["addresses"] == .array(["10.0.10.21/24", "10.0.10.22/24", "fd00::21/64"]))
    #expect(
      first["routes"] == .array([["to": "0.0.0.0/0", "via": "10.0.10.1"], ["to": "::/0", "via": "fd00::1"]]))
    #expect(ethernets["meros1"]?["addresses"] == .array([]))
  }

  @Test func nothingIsSaidOfNoNetworks() {
    #expect(NetworkFiles([]).all.isEmpty)
  }

  @Test func anotherAddressMakesAnotherInstance() throws {
    let data = try #require(DataIdentity("0123456789abcdef"))
    var design = try MachineDesign.sample(Scope(constellation: "lab", data: data))
    let first = design.cloudInit
    design.networks[0].addresses = [try #require(InterfaceAddress("10.0.10.99/24"))]
    #expect(design.cloudInit[0].name == "meta-data" && design.cloudInit[0] != first[0])
    #expect(design.cloudInit[1] == first[1] && first[1].text.hasPrefix("#cloud-config\n{"))
    #expect(!first.contains { $0.text.contains("PRIVATE") })
  }
}
