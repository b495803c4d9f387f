import Diagnostics
import Network
import YAML

extension NetworkSpec {
  private static let keys = Section.Keys(
    schema,
    meant: ["name": "label", "ip": "ip_addr", "address": "ip_addr", "dns": "nameserver", "nameservers": "nameserver"])

  /// nil where it is no mapping or names no bridge, which is reported.
  init?(_ node: YAMLNode, in bridges: BridgeTable, _ faults: inout Diagnostics) {
    guard let section = Section(node, at: node.location, Self.keys, &faults) else { return nil }
    let bridge = section.required("bridge", .line("the name of a bridge", like: "lan"), &faults)
    label = section.value("label", .line("a name", like: "tap_web_01"), &faults)
    if let label { NameForm.network.check(label, &faults) }
    mac = section.value("mac", .mac, &faults)
    model = section.value(
      "model", .identifier("a network device of QEMU", like: "virtio-net-pci", others: "-_."), else: "virtio-net-pci",
      &faults)
    gateways = section.addresses("gateway", &faults)
    nameservers = section.addresses("nameserver", &faults)
    allowedSources = section.list("allowed_sources", .prefix, &faults)
    let written = section.oneOrMore("ip_addr", .interfaceAddress, &faults)
    location = node.location
    guard let bridge else { return nil }
    self.bridge = bridge
    addresses = written.compactMap { $0.resolved(on: bridges.sound(bridge.value), &faults) }
  }
}

/// An address as it is written for an interface.
struct WrittenAddress: Sendable {
  var address: IPAddress
  /// nil for a bare address.
  var prefixLength: Int?
}

extension Form where Value == WrittenAddress {
  static let interfaceAddress = Form.read("an address, bare or with a length", like: "10.0.10.21 or fd00:10::21/64") {
    if let bare = IPAddress($0) { return WrittenAddress(address: bare) }
    return InterfaceAddress($0).map { WrittenAddress(address: $0.address, prefixLength: $0.prefixLength) }
  }
}

extension Located<WrittenAddress> {
  /// The address with its subnet's length. nil where there is none to have, which is reported.
  func resolved(on bridge: BridgeSpec?, _ faults: inout Diagnostics) -> Located<InterfaceAddress>? {
    let address = value.address
    let subnet = bridge?.hostAddress(address.family)
    if let length = value.prefixLength {
      if let subnet, subnet.prefixLength != length {
        faults.warning(
          "\(address)/\(length) has another length than its subnet \(subnet.prefix)", at: location,
          remedy: "leave the length out: it is the subnet's then")
      }
    } else if let bridge, subnet == nil, !bridge.isCreated {
      faults.error(
        "the length of \(address) is not known: bridge \(bridge.name.value) has no subnet", at: location,
        remedy: "write it: \(address)/\(address.family == .v4 ? 24 : 64)")
      return nil
    }
    let length = value.prefixLength ?? subnet?.prefixLength ?? address.family.bits
    return InterfaceAddress(address, prefixLength: length).map { Located<InterfaceAddress>($0, at: location) }
  }
}

extension Section {
  /// One address or a list of them; empty for `none`, nil where the key is not set.
  fileprivate func addresses(_ key: String, _ faults: inout Diagnostics) -> [Located<IPAddress>]? {
    guard let entry = self[key] else { return nil }
    if entry.value.scalar?.text == "none" { return [] }
    return oneOrMore(key, .address, &faults)
  }
}
