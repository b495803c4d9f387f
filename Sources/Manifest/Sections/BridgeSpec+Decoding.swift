import Diagnostics
import Network
import YAML

extension BridgeSpec {
  private static let keys = Section.Keys(
    schema, meant: ["policy": "policy_type", "ip_addr": "subnet", "address": "subnet"])

  init(_ entry: YAMLMapping.Entry, _ faults: inout Diagnostics) {
    let name = Located(entry.key, at: entry.keyLocation)
    self.name = name
    NameForm.bridge.check(name, &faults)
    let readable = Section(entry.value, at: entry.keyLocation, Self.keys, &faults)
    let section = readable ?? Section(empty: entry.keyLocation)
    subnet = section.value("subnet", .subnet, &faults).flatMap { Self.hostAddress($0, &faults) }
    subnet6 = section.value("subnet6", .subnet6, &faults).flatMap { Self.hostAddress($0, &faults) }
    policy = section.value("policy_type", .word, else: .hostAccess, &faults)
    allowedPorts = section.list("allowed_ports", .ports, &faults)
    allowedIPs = section.list("allowed_ips", .prefix, &faults)
    allowsICMP = section.value("allow_icmp", .boolean, &faults)
    peers = section.value("peers", .word, else: .open, &faults)
    dns = section.value("dns", .boolean, &faults)
    isCreated = section.value("auto_create", .boolean, else: true, &faults).value
    // IPv6 needs 1280 (RFC 8200, section 5), and virtio has 16 bits.
    mtu = section.value("mtu", .number(subnet6 == nil ? 576...65535 : 1280...65535), else: 1500, &faults).map {
      UInt32($0)
    }
    checkName(&faults)
    if readable != nil, isCreated, section["subnet"] == nil, section["subnet6"] == nil {
      faults.error("subnet is missing", at: section.location, remedy: "write subnet: 10.0.10.1/24")
    }
    if policy.value == .isolated, let entry = section["allowed_ports"], !allowedPorts.isEmpty {
      faults.error(
        "allowed_ports means nothing on an isolated bridge", at: entry.keyLocation,
        remedy: "remove it, or write policy_type: host-access")
    }
  }

  /// The first host address where the network's own is written. nil for what no host can have, which is reported.
  private static func hostAddress(
    _ written: Located<InterfaceAddress>, _ faults: inout Diagnostics
  ) -> Located<InterfaceAddress>? {
    let address = written.value.address
    let prefix = written.value.prefix
    if prefix.length > address.family.bits - 1 || prefix.length < 8 {
      faults.error(
        "a subnet of length \(prefix.length) cannot be used", at: written.location,
        remedy: address.family == .v4
          ? "write a length from 8 to 31, such as /24" : "write a length from 8 to 127, such as /64")
      return nil
    }
    if let reserved = IPPrefix.notForHosts.first(where: { $0.overlaps(prefix) }) {
      faults.error(
        "\(written.value) lies in \(reserved), which hosts cannot have", at: written.location,
        remedy: "choose a private subnet such as 10.0.10.1/24 or fd00:10::1/64")
      return nil
    }
    guard prefix.length < address.family.bits - 1 else { return written }
    if address == prefix.address, let first = address.advanced(by: 1) {
      return InterfaceAddress(first, prefixLength: prefix.length).map { Located($0, at: written.location) }
    }
    if address.family == .v4, address == prefix.last {
      faults.error(
        "\(address) is the broadcast address of \(prefix)", at: written.location, remedy: "write the host's own address"
      )
      return nil
    }
    return written
  }

  private func checkName(_ faults: inout Diagnostics) {
    if !isCreated, LinkName(name.value) == nil {
      faults.error(
        "no link can be called \(name.value)", at: name.location,
        remedy: "with auto_create: false the bridge's name is the link's name, at most 15 characters")
    }
  }
}

extension IPPrefix {
  /// Prefixes that no address of a host lies in: this network, loopback, multicast and reserved (RFC 6890), and IPv6
  /// link-local addresses, which every link has by itself.
  static let notForHosts = [
    "0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3", "::/96", "::ffff:0:0/96", "fe80::/10", "ff00::/8",
  ]
  .compactMap { IPPrefix($0) }
}
