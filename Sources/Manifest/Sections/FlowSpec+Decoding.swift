import Diagnostics
import YAML

extension FlowSpec {
  private static let keys = Section.Keys(
    schema, meant: ["port": "ports: [ … ]", "proto": "the protocol with the port: 53/udp"])

  /// nil where one of its sides cannot be read, which is reported.
  init?(_ node: YAMLNode, _ faults: inout Diagnostics) {
    guard let section = Section(node, at: node.location, Self.keys, &faults) else { return nil }
    let from = section.required("from", Endpoint.form, &faults)
    let to = section.required("to", Endpoint.form, &faults)
    ports = section.oneOrMore("ports", .ports, &faults)
    if let entry = section["ports"], entry.value.sequence?.isEmpty ?? false {
      faults.error("ports lists none", at: entry.keyLocation, remedy: "leave it out to mean every protocol and port")
    }
    guard let from, let to else { return nil }
    self.from = from
    self.to = to
    location = node.location
  }
}
