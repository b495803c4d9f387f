import Network

extension Form where Value == IPAddress {
  static let address = Form.read("an address", like: "10.0.10.1 or fd00:10::1") { IPAddress($0) }
}

extension Form where Value == InterfaceAddress {
  static let subnet = Form.read("an IPv4 address with the length of its subnet", like: "10.0.10.1/24") { text in
    InterfaceAddress(text).flatMap { $0.address.family == .v4 ? $0 : nil }
  }
  static let subnet6 = Form.read("an IPv6 address with the length of its subnet", like: "fd00:10::1/64") { text in
    InterfaceAddress(text).flatMap { $0.address.family == .v6 ? $0 : nil }
  }
}

extension Form where Value == IPPrefix {
  static let prefix = Form.read("an address or a prefix", like: "192.168.100.0/24") { IPPrefix($0) }
}

extension Form where Value == MACAddress {
  static let mac = Form.read("an Ethernet address", like: "52:54:00:12:34:56") { MACAddress($0) }
}

extension Form where Value == PortRange {
  static let ports = Form.read("a port or a range of ports from 1 to 65535", like: "22, 53/udp or 8000-8010/tcp") {
    PortRange($0)
  }
}

extension Form where Value == UInt16 {
  static let port = Form.read("a port from 1 to 65535", like: "8080") { text in
    PortRange(text).flatMap { text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? $0.ports.lowerBound : nil }
  }
}
