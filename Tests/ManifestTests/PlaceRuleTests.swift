import Diagnostics
import Manifest
import Testing

/// Rules about what stands in different places.
@Suite struct PlaceRuleTests {
  @Test func undefinedThingsAreNamedWithTheNearestKnownOne() {
    #expect(
      findings(
        """
        bridges: {lab_br: {subnet: 10.0.0.1/24}}
        kernels: {mainline: {source: distribution}}
        virtual_machines:
          web: {networks: [{bridge: labbr}], kernel: mainlin, depends_on: [bd], packages: []}
          db: {networks: [{bridge: lab_br, ip_addr: 10.0.0.5}], kernel: other}
        flows: [{from: dbb, to: bridge:lab-br}, {from: wrld, to: db}]
        forwards: [{host: 1, to: nobody}]
        expect: [{from: db, to: bridge:x, verdict: deny}]
        """) == [
          "4:29 error: no bridge is called labbr (did you mean lab_br?)",
          "4:46 error: no kernel is called mainlin (did you mean mainline?)",
          "4:68 error: no virtual machine is called bd (define it under virtual_machines, or use one of web, db)",
          "5:65 error: no kernel is called other (define it under kernels, or use one of mainline)",
          "6:16 error: no virtual machine is called dbb (did you mean db?)",
          "6:25 error: no bridge is called lab-br (did you mean lab_br?)",
          "6:48 error: no virtual machine is called wrld (did you mean world?)",
          "7:26 error: no virtual machine is called nobody (define it under virtual_machines, or use one of web, db)",
          "8:25 error: no bridge is called x (define it under bridges, or use one of lab_br)",
        ])
  }

  @Test func duplicateKeysAreRefused() {
    #expect(
      findings("virtual_machines:\n  web: {}\n  web: {}\n") == ["3:3 error: duplicate key web (remove one of the two)"])
  }

  @Test(arguments: [
    ("10.0.1.21", "10.0.1.21 lies outside 10.0.0.0/24, the subnet of bridge lan (write an address from 10.0.0.0/24)"),
    ("10.0.0.0", "10.0.0.0 is the address of the subnet 10.0.0.0/24 itself (choose another address)"),
    ("10.0.0.255", "10.0.0.255 is the broadcast address of 10.0.0.0/24 (choose another address)"),
    ("10.0.0.1", "the address 10.0.0.1 is that of the host on bridge lan already (choose another address)"),
    (
      "'fd00::5'",
      "fd00::5 is in no subnet: bridge lan has no subnet6 (give the bridge a subnet6, or remove the address)"
    ),
    (
      "web", "ip_addr should be an address, bare or with a length, not web (write it like 10.0.10.21 or fd00:10::21/64)"
    ),
    (
      "10.0.0.5/33",
      "ip_addr should be an address, bare or with a length, not 10.0.0.5/33 (write it like 10.0.10.21 or fd00:10::21/64)"
    ),
  ])
  func addressesBelongToTheirSubnet(address: String, fault: String) {
    #expect(findings(lab(network: "ip_addr: \(address)")) == ["5:39 error: \(fault)"])
  }

  @Test func anAddressWithAnotherLengthIsWarnedOf() {
    #expect(
      findings(lab(network: "ip_addr: 10.0.0.21/16")) == [
        "5:39 warning: 10.0.0.21/16 has another length than its subnet 10.0.0.0/24 (leave the length out: it is the subnet's then)"
      ])
    #expect(findings(lab(network: "ip_addr: 10.0.0.21/24")) == [])
  }

  @Test func aBareAddressNeedsASubnet() {
    #expect(
      findings(
        "bridges: {o: {auto_create: false}}\nvirtual_machines: {web: {networks: [{bridge: o, ip_addr: 10.0.0.5}]}}")
        == [
          "2:58 error: the length of 10.0.0.5 is not known: bridge o has no subnet (write it: 10.0.0.5/24)"
        ])
  }

  @Test func anAddressIsThereOnce() {
    #expect(
      findings(lab() + "\n  db: {networks: [{bridge: lan, ip_addr: [10.0.0.22, 10.0.0.21]}]}") == [
        "7:54 error: the address 10.0.0.21 is that of web already (choose another address)"
      ])
  }

  @Test(
    arguments: [
      ("10.0.0.0/24", nil), ("10.0.0.1/24", nil), ("10.0.0.0/31", nil), ("10.0.0.254/8", nil),
      (
        "10.0.0.255/24", "1:25 error: 10.0.0.255 is the broadcast address of 10.0.0.0/24 (write the host's own address)"
      ),
      (
        "10.0.0.1",
        "1:25 error: subnet should be an IPv4 address with the length of its subnet, not 10.0.0.1 (write it like 10.0.10.1/24)"
      ),
      ("10.0.0.1/32", "1:25 error: a subnet of length 32 cannot be used (write a length from 8 to 31, such as /24)"),
      ("10.0.0.1/7", "1:25 error: a subnet of length 7 cannot be used (write a length from 8 to 31, such as /24)"),
      (
        "127.0.0.1/8",
        "1:25 error: 127.0.0.1/8 lies in 127.0.0.0/8, which hosts cannot have (choose a private subnet such as 10.0.10.1/24 or fd00:10::1/64)"
      ),
      (
        "224.1.1.1/24",
        "1:25 error: 224.1.1.1/24 lies in 224.0.0.0/3, which hosts cannot have (choose a private subnet such as 10.0.10.1/24 or fd00:10::1/64)"
      ),
      (
        "fd00::1/64",
        "1:25 error: subnet should be an IPv4 address with the length of its subnet, not fd00::1/64 (write it like 10.0.10.1/24)"
      ),
    ] as [(String, String?)])
  func aSubnetIsOneThatHostsCanHave(subnet: String, fault: String?) {
    #expect(findings("bridges: {lan: {subnet: '\(subnet)'}}") == (fault.map { [$0] } ?? []))
  }

  @Test func aBridgeNeedsASubnet() {
    #expect(findings("bridges: {lan: }") == ["1:11 error: subnet is missing (write subnet: 10.0.10.1/24)"])
    #expect(findings("bridges: {lan: {subnet6: 'fd00::/64'}}") == [])
  }

  @Test func subnetsDoNotOverlap() {
    #expect(
      findings(
        """
        bridges:
          a: {subnet: 10.0.0.1/16, subnet6: 'fd00::1/64'}
          b: {subnet: 10.0.9.1/24, subnet6: 'fd00:0:0:1::1/64'}
          c: {subnet: 10.1.0.1/16, subnet6: 'fd00::5/64'}
          d: {subnet: 10.0.7.1/24}
        """) == [
          "3:15 error: the subnet 10.0.9.0/24 of bridge b overlaps 10.0.0.0/16 of bridge a (choose another subnet)",
          "4:37 error: the subnet fd00::/64 of bridge c overlaps fd00::/64 of bridge a (choose another subnet)",
          "5:15 error: the subnet 10.0.7.0/24 of bridge d overlaps 10.0.0.0/16 of bridge a (choose another subnet)",
        ])
  }

  @Test(arguments: [
    ("01:00:5e:00:00:01", "01:00:5e:00:00:01 is the address of a group, not of one station (write 00:00:5e:00:00:01)"),
    ("'00:00:00:00:00:00'", "00:00:00:00:00:00 is nobody's address (write another, or leave it out to have one made)"),
    ("52:54:00:00:01", "mac should be an Ethernet address, not 52:54:00:00:01 (write it like 52:54:00:12:34:56)"),
  ])
  func aMACIsThatOfOneStation(mac: String, fault: String) {
    #expect(findings(lab(network: "mac: \(mac)")) == ["5:35 error: \(fault)"])
  }

  @Test func labelsAndMACsAreThereOnce() {
    #expect(
      findings(
        """
        bridges: {lan: {subnet: 10.0.0.1/24}}
        virtual_machines:
          web: {networks: [{bridge: lan, label: t, mac: '52:54:00:00:00:01'}]}
          db: {networks: [{bridge: lan, label: t, mac: '52:54:00:00:00:01'}]}
          c: {disks: [{label: a, size: 1G, mount_point: /x}, {label: a, size: 1G, mount_point: /x/}]}
        """) == [
          "4:40 error: the label t is there twice (choose another)",
          "4:48 error: the address 52:54:00:00:00:01 is there twice (write another, or leave it out to have one made)",
          "5:62 error: the disk a is there twice (choose another)",
          "5:88 error: the mount point /x is there twice (choose another)",
        ])
  }

  @Test(
    arguments: [
      ("10.0.0.1", nil), ("none", nil), ("[10.0.0.1]", nil),
      (
        "10.0.0.77",
        "warning: nobody has the gateway's address 10.0.0.77 (write the address of the host or of a virtual machine on that bridge, or none)"
      ),
      (
        "10.1.0.1",
        "error: the gateway 10.1.0.1 is not in the subnet of bridge lan (write the address of the host or of a virtual machine on that bridge, or none)"
      ),
      (
        "10.0.0.21",
        "error: the gateway 10.0.0.21 is the interface's own address (write the address of the host or of a virtual machine that routes, or none)"
      ),
    ] as [(String, String?)])
  func aGatewayIsInReach(gateway: String, fault: String?) {
    #expect(
      findings(lab(network: "ip_addr: 10.0.0.21, gateway: \(gateway)")) == (fault.map { ["5:59 \($0)"] } ?? []))
  }

  @Test func thereIsOneGatewayPerFamily() {
    #expect(
      findings(lab(network: "ip_addr: 10.0.0.21, gateway: [10.0.0.1, 10.0.0.1]")) == [
        "5:70 error: a second gateway for one family (leave out one of the two)"
      ])
  }

  @Test func aForwardIsThereOnce() {
    #expect(
      findings(
        lab() + """

          forwards:
            - {host: 80, to: web}
            - {host: 80, to: web, proto: udp}
            - {host: 80, to: web, address: 10.9.0.1}
            - {host: 81, to: web, address: 10.9.0.1}
            - {host: 81, to: web, address: 10.9.0.2}
            - {host: 81, to: web, address: 0.0.0.0}
          """) == [
          "10:12 error: the host's port 80/tcp is forwarded twice (choose another port, or give each an address of its own)",
          "13:12 error: the host's port 81/tcp is forwarded twice (choose another port, or give each an address of its own)",
        ])
  }

  @Test func aForwardLeadsFromLoopbackOnlyWhereTheKernelLetsIt() {
    #expect(
      findings(
        """
        bridges:
          br0: {subnet: 10.9.0.1/24, auto_create: false}
          lan: {subnet: 10.8.0.1/24}
        virtual_machines:
          web: {networks: [{bridge: lan, ip_addr: [10.8.0.5]}]}
          old: {networks: [{bridge: br0, ip_addr: [10.9.0.5]}]}
        forwards:
          - {host: 80, to: web, address: "::1"}
          - {host: 81, to: old, address: 127.0.0.1}
          - {host: 82, to: web, address: 127.0.0.1}
        """) == [
          "8:34 error: nothing can lead from ::1 to a virtual machine: the kernel keeps what is sent there (write 127.0.0.1, another address of the host, or none for all of them)",
          "9:34 error: nothing can lead from 127.0.0.1 to a bridge that is somebody else's, as br0 is (write another address of the host, or none for all of them)",
        ])
  }

  @Test func whoIsNamedInFlowsHasAnAddress() {
    #expect(
      findings("virtual_machines: {web: {}}\nforwards: [{host: 1, to: web}]\nflows: [{from: world, to: web}]") == [
        "2:26 error: web has no address (give it a network with an ip_addr)",
        "3:27 error: web has no address (give it a network with an ip_addr)",
      ])
  }

  @Test func aMachineWithFaultsIsNotSaidToHaveNoAddress() {
    #expect(findings(lab(network: "ip_addr: x") + "\nforwards: [{host: 1, to: web}]").count == 1)
  }

  @Test func whoIsAskedOverTheNetworkHasAnAddress() throws {
    #expect(
      findings("virtual_machines: {web: {ready: ssh}, db: {ready: {tcp: 1}}, c: {ready: {console: x}}}") == [
        "1:26 error: web has no address at which it could be asked whether it is ready (give it a network with an ip_addr, or write ready: none or {console: TEXT})",
        "1:44 error: db has no address at which it could be asked whether it is ready (give it a network with an ip_addr, or write ready: none or {console: TEXT})",
      ])
    #expect(try read("virtual_machines: {web: {}}").virtualMachines.map(\.readiness.probe) == [.none])
    #expect(try read(lab()).virtualMachines.map(\.readiness.probe) == [.ssh])
    #expect(findings("defaults: {ready: ssh}\n" + lab()) == [])
  }

  @Test func dependenciesHaveNoCircle() {
    #expect(
      findings(
        """
        virtual_machines:
          a: {depends_on: [b, c]}
          b: {depends_on: [c]}
          c: {depends_on: [d]}
          d: {depends_on: [b]}
          e: {depends_on: [e, a]}
        """) == [
          "5:20 error: depends_on goes in a circle: b -> c -> d -> b (remove one of these dependencies: each waits for the next to be ready)",
          "6:20 error: e depends on itself (remove it from depends_on)",
        ])
  }

  @Test func aLongChainOfDependenciesIsNoTrouble() {
    let count = 20_000
    let text = "virtual_machines:\n" + (0..<count).map { "  v\($0): {depends_on: [v\(($0 + 1) % count)]}\n" }.joined()
    #expect(
      findings(text) == [
        "20001:25 error: depends_on goes in a circle: v0 -> v1 -> v2 -> v3 -> … -> v19997 -> v19998 -> v19999 -> v0 (remove one of these dependencies: each waits for the next to be ready)"
      ])
  }

  @Test func allFaultsAreReportedInOneRun() {
    #expect(
      findings(
        """
        name: My Lab
        bridges:
          lan: {subnet: 10.0.0.1/24, policy_type: isolated, allowed_ports: [22]}
          dmz: {subnet: 10.0.0.1/25}
        virtual_machines:
          web: {memory: x, networks: [{bridge: la, mac: 01:00:00:00:00:00}], depends_on: [db]}
          db: {cpus: 0, depends_on: [web], colour: red}
        """
      ).count == 9)
  }

  @Test func aFaultyBridgeIsTheOnlyFaultThatItCauses() {
    #expect(findings(lab().replacing("10.0.0.1/24", with: "10.0.0.300/24")).count == 1)
  }
}
