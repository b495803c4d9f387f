import Host
import Network
import QMP

/// Interfaces of a guest in the words of the programs that set up networks. An interface is known by its hardware
/// address; where it must have a name, that is `meros0`, `meros1` and so on.
struct NetworkFiles {
  struct File: Equatable {
    var name: String
    var text: String
  }

  private let networks: [MachineDesign.Interface]

  init(_ networks: [MachineDesign.Interface]) { self.networks = networks }

  /// None without networks: then nothing in the guest is touched.
  var all: [File] {
    guard !networks.isEmpty else { return [] }
    return [
      File(name: "netplan.yaml", text: "\(Self.heading)\(netplan)\n"),
      // Without udev the kernel's names stay, in the order of the devices.
      File(name: "interfaces", text: interfaces("meros")), File(name: "interfaces.openrc", text: interfaces("eth")),
    ]
      + networks.enumerated().flatMap { index, network in
        [
          File(name: "networkd/05-meros-\(index).network", text: Self.networkd(network)),
          File(name: "networkmanager/meros-\(index).nmconnection", text: Self.keyfile(network, index)),
          File(
            name: "link/05-meros-\(index).link",
            text: "\(Self.heading)[Match]\nMACAddress=\(network.mac)\n\n[Link]\nName=meros\(index)\n"),
        ]
      }
  }

  private static let heading = "# Written by meros at every start.\n"

  /// netplan's form, version 2; cloud-init reads it too.
  var netplan: JSON {
    var ethernets: [String: JSON] = [:]
    for (index, network) in networks.enumerated() {
      ethernets["meros\(index)"] = [
        "match": ["macaddress": .string("\(network.mac)")], "set-name": .string("meros\(index)"), "dhcp4": .bool(false),
        "dhcp6": .bool(false), "mtu": .integer(Int64(network.mtu)),
        "addresses": .array(network.addresses.map { .string("\($0)") }),
        "routes": .array(
          network.gateways.map { ["to": .string($0.everywhere), "via": .string("\($0)")] }),
        "nameservers": ["addresses": .array(network.allNameservers.map { .string("\($0)") })],
      ]
    }
    return ["network": ["version": .integer(2), "ethernets": .object(ethernets)]]
  }

  private static func networkd(_ network: MachineDesign.Interface) -> String {
    var lines = ["[Match]", "MACAddress=\(network.mac)", "", "[Link]", "MTUBytes=\(network.mtu)", "", "[Network]"]
    lines += ["DHCP=no", "IPv6AcceptRA=no"]
    lines += network.addresses.map { "Address=\($0)" }
    lines += network.gateways.map { "Gateway=\($0)" }
    lines += network.allNameservers.map { "DNS=\($0)" }
    return heading + lines.map { "\($0)\n" }.joined()
  }

  /// NetworkManager's form of a connection. It goes before all others that fit the interface.
  private static func keyfile(_ network: MachineDesign.Interface, _ index: Int) -> String {
    var lines = ["[connection]", "id=meros-\(index)", "type=ethernet", "autoconnect-priority=999", ""]
    lines += ["[ethernet]", "mac-address=\(network.mac)", "mtu=\(network.mtu)"]
    for (family, section, none) in [(IPAddress.Family.v4, "ipv4", "disabled"), (.v6, "ipv6", "link-local")] {
      lines += ["", "[\(section)]"]
      let addresses = network.addresses.filter { $0.address.family == family }
      // Nothing more may stand in a section without addresses, or the file is not read.
      guard !addresses.isEmpty else {
        lines.append("method=\(none)")
        continue
      }
      lines.append("method=manual")
      lines += addresses.enumerated().map { "address\($0 + 1)=\($1)" }
      lines += network.gateways.filter { $0.family == family }.map { "gateway=\($0)" }
      let nameservers = network.allNameservers.filter { $0.family == family }
      if !nameservers.isEmpty { lines.append("dns=" + nameservers.map { "\($0);" }.joined()) }
    }
    return heading + lines.map { "\($0)\n" }.joined()
  }

  /// The form of ifupdown, which other programs read too: one address of each family, further ones by a command.
  private func interfaces(_ prefix: String) -> String {
    var lines = ["auto lo", "iface lo inet loopback"]
    for (index, network) in networks.enumerated() {
      let name = "\(prefix)\(index)"
      lines += ["", "auto \(name)"]
      if network.addresses.isEmpty {
        lines += ["iface \(name) inet manual", "    up ip link set dev \(name) up"]
      }
      for (family, word) in [(IPAddress.Family.v4, "inet"), (.v6, "inet6")] {
        let addresses = network.addresses.filter { $0.address.family == family }
        guard let first = addresses.first else { continue }
        lines += ["iface \(name) \(word) static", "    address \(first)", "    mtu \(network.mtu)"]
        lines += network.gateways.filter { $0.family == family }.map { "    gateway \($0)" }
        lines += addresses.dropFirst().map { "    up ip addr add \($0) dev \(name)" }
      }
    }
    return Self.heading + lines.map { "\($0)\n" }.joined()
  }
}

extension MachineDesign {
  /// The seed of cloud-init's NoCloud. Nothing in it is secret: keys are in their places already, and are not to be made
  /// anew. The instance is another one whenever any of it changes, so that cloud-init looks again.
  var cloudInit: [NetworkFiles.File] {
    let user: JSON = [
      "hostname": .string(identity.hostname), "manage_etc_hosts": .bool(false), "ssh_deletekeys": .bool(false),
      "disable_root": .bool(false),
    ]
    let network = "\(NetworkFiles(networks).netplan)\n"
    let instance = sha256(Array("\(uuid)\n\(user)\n\(network)".utf8)).prefix(16)
    let meta: JSON = ["instance-id": .string("meros-\(instance)"), "local-hostname": .string(identity.hostname)]
    return [
      NetworkFiles.File(name: "meta-data", text: "\(meta)\n"),
      NetworkFiles.File(name: "user-data", text: "#cloud-config\n\(user)\n"),
      NetworkFiles.File(name: "network-config", text: network),
      NetworkFiles.File(name: "99-meros.cfg", text: "datasource_list: [NoCloud, None]\n"),
    ]
  }
}

extension MachineDesign.Interface {
  fileprivate var allNameservers: [IPAddress] { nameservers + offeredNameservers }
}

extension IPAddress {
  /// The prefix of all addresses of its family.
  fileprivate var everywhere: String { family == .v4 ? "0.0.0.0/0" : "::/0" }
}
