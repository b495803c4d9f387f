import Diagnostics
import Network
import YAML

extension ForwardSpec {
  private static let keys = Section.Keys(
    schema, meant: ["from": "host: PORT", "host_port": "host", "vm": "to", "protocol": "proto", "guest": "port"])

  /// nil where its ends cannot be read, which is reported.
  init?(_ node: YAMLNode, _ faults: inout Diagnostics) {
    guard let section = Section(node, at: node.location, Self.keys, &faults) else { return nil }
    let hostPort = section.required("host", .port, &faults)
    let to = section.required("to", .line("the name of a virtual machine", like: "web"), &faults)
    let port = section.value("port", .port, &faults)
    transport = section.value("proto", .word, else: .tcp, &faults).value
    address = section.value("address", .address, &faults)
    guard let hostPort, let to else { return nil }
    self.hostPort = hostPort
    self.to = to
    self.port = port ?? hostPort
    location = node.location
  }
}
